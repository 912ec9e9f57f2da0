/* Prefixes on the wire and the tables' integer keys: twins of functions of bgp.wire.nlri. */
#include "speed.h"

static PyObject *
key_v4(const unsigned char *at)
{
    unsigned bits = at[0];
    uint64_t value = 0;
    for (unsigned taken = 0; taken < (bits + 7) / 8; taken++) {
        value |= (uint64_t)at[1 + taken] << (24 - 8 * taken);
    }
    if (bits < 32) {
        value &= ~(uint64_t)0 << (32 - bits);
    }
    return PyLong_FromUnsignedLongLong(value << 6 | bits);
}

static PyObject *
key_v6(const unsigned char *at)
{
    unsigned bits = at[0], count = (bits + 7) / 8;
    unsigned char key[17] = {0};
    memcpy(key, at + 1, count);
    if (bits % 8) {
        key[count - 1] &= (unsigned char)(0xff << (8 - bits % 8));
    }
    key[16] = (unsigned char)bits;
#if PY_VERSION_HEX >= 0x030D0000
    return PyLong_FromUnsignedNativeBytes(key, sizeof key, Py_ASNATIVEBYTES_BIG_ENDIAN);
#else
    return _PyLong_FromByteArray(key, sizeof key, 0, 0);
#endif
}

/* How many prefixes of at most `most` bits fill the bytes exactly; -1 if they do not. */
static Py_ssize_t
count_prefixes(const unsigned char *data, Py_ssize_t size, unsigned most)
{
    Py_ssize_t position = 0, count = 0;
    while (position < size) {
        if (data[position] > most) {
            return -1;
        }
        position += prefix_size(data[position]);
        count++;
    }
    return position == size ? count : -1;
}

static PyObject *
keys_of(const Py_buffer *buffer, unsigned most, PyObject *(*key_of)(const unsigned char *))
{
    const unsigned char *at = buffer->buf;
    Py_ssize_t count = count_prefixes(at, buffer->len, most);
    if (count < 0) {
        return NULL;
    }
    PyObject *keys = PyList_New(count);
    for (Py_ssize_t i = 0; keys != NULL && i < count; i++) {
        PyObject *key = key_of(at);
        if (key == NULL) {
            Py_CLEAR(keys);
            break;
        }
        PyList_SET_ITEM(keys, i, key);
        at += prefix_size(at[0]);
    }
    return keys;
}

static PyObject *
decode_prefixes(PyObject *data, const char *name, unsigned most,
                PyObject *(*key_of)(const unsigned char *))
{
    Py_buffer buffer;
    if (PyObject_GetBuffer(data, &buffer, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    PyObject *keys = keys_of(&buffer, most, key_of);
    PyBuffer_Release(&buffer);
    return keys != NULL || PyErr_Occurred() ? keys : pure_twin(name, &data, 1);
}

static PyObject *
decode_v4(PyObject *Py_UNUSED(module), PyObject *data)
{
    return decode_prefixes(data, "decode_v4", 32, key_v4);
}

static PyObject *
decode_v6(PyObject *Py_UNUSED(module), PyObject *data)
{
    return decode_prefixes(data, "decode_v6", 128, key_v6);
}

PyMethodDef nlri_methods[] = {
    {"decode_v4", decode_v4, METH_O, "Keys of all IPv4 prefixes in the bytes."},
    {"decode_v6", decode_v6, METH_O, "Keys of all IPv6 prefixes in the bytes."},
    {NULL, NULL, 0, NULL},
};
