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

/* --- keys of IPv6: twins of grammar.base.values.spread and gathered --------------------------- */

__extension__ typedef unsigned __int128 wide;
enum { KEY6 = 18 }; /* bytes of a key of IPv6 at most */

static uint64_t salt;

int
prepare_keys(void)
{
    PyObject *number = NULL;
    salt = ours(&number, "grammar.base.values", "SALT") ? PyLong_AsUnsignedLongLong(number) : 0;
    Py_XDECREF(number);
    return PyErr_Occurred() ? -1 : 0;
}

static uint64_t
read_eight(const unsigned char *at)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

static void
write_eight(unsigned char *at, uint64_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 8) {
        at[i] = (unsigned char)value;
    }
}

/* The 16 bytes of an address as 17 of a key. */
static void
spread_address(const unsigned char *address, unsigned char *key)
{
    uint64_t high = read_eight(address), low = read_eight(address + 8);
    wide lower = (wide)high * salt + low; /* less than 2**112 + 2**64 */
    wide upper = (lower >> 64) + high;
    key[0] = (unsigned char)(upper >> 64);
    write_eight(key + 1, (uint64_t)upper);
    write_eight(key + 9, (uint64_t)lower);
}

/* Undoes it; -1 with an error for what is no key. */
static int
gather_address(const unsigned char *key, unsigned char *address)
{
    wide number = (wide)read_eight(key + 1) << 64 | read_eight(key + 9);
    /* With the upper half as it stands, `over` is too much; what that takes off the half is a bit
       less than it would be without salt. */
    uint64_t high = key[0] ? UINT64_MAX : (uint64_t)(number >> 64);
    wide half = ((wide)1 << 64) + salt, rest = number - high * half;
    while (rest >> 127) {
        uint64_t over = (uint64_t)((0 - rest) >> 64), less = over - (over >> 16);
        less = less > 1 ? less - 1 : 1;
        high -= less;
        rest += less * half;
    }
    if (key[0] > 1 || rest >> 64) {
        PyErr_SetString(PyExc_ValueError, "no key of a prefix");
        return -1;
    }
    write_eight(address, high);
    write_eight(address + 8, (uint64_t)rest);
    return 0;
}

static PyObject *
key_v6(const unsigned char *at)
{
    unsigned bits = at[0], count = (bits + 7) / 8;
    unsigned char address[16] = {0}, key[KEY6];
    memcpy(address, at + 1, count);
    if (bits % 8) {
        address[count - 1] &= (unsigned char)(0xff << (8 - bits % 8));
    }
    spread_address(address, key);
    key[KEY6 - 1] = (unsigned char)bits;
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

/* --- packing ---------------------------------------------------------------------------------- */

/* The length octet and the 4 or 16 bytes of the address, in that order; -1 with an error. */
static int
spread(PyObject *key, int afi, unsigned char *out)
{
    unsigned char bytes[KEY6];
    if (afi == 1) {
        unsigned long long number = PyLong_AsUnsignedLongLong(key);
        if (number == (unsigned long long)-1 && PyErr_Occurred()) {
            return -1;
        }
        out[0] = number & 63;
        for (int i = 0; i < 4; i++) {
            out[1 + i] = (unsigned char)(number >> (30 - 8 * i));
        }
        return 0;
    }
    if (!PyLong_Check(key)) {
        PyErr_SetString(PyExc_TypeError, "a key is a number");
        return -1;
    }
#if PY_VERSION_HEX >= 0x030D0000
    int flags = Py_ASNATIVEBYTES_BIG_ENDIAN | Py_ASNATIVEBYTES_UNSIGNED_BUFFER;
    if (PyLong_AsNativeBytes(key, bytes, sizeof bytes, flags) < 0) {
        return -1;
    }
#else
    if (_PyLong_AsByteArray((PyLongObject *)key, bytes, sizeof bytes, 0, 0) < 0) {
        return -1;
    }
#endif
    out[0] = bytes[KEY6 - 1];
    return gather_address(bytes, out + 1);
}

/* Ends the chunk at hand; -1 with an error. */
static int
end_chunk(PyObject *chunks, const unsigned char *bytes, Py_ssize_t size)
{
    if (size == 0) {
        return 0;
    }
    PyObject *chunk = PyBytes_FromStringAndSize((const char *)bytes, size);
    int failed = chunk == NULL || PyList_Append(chunks, chunk) < 0;
    Py_XDECREF(chunk);
    return failed ? -1 : 0;
}

/* Fills chunks of at most `room` bytes; -1 with an error. */
static int
fill_chunks(PyObject *chunks, PyObject *keys, int afi, unsigned char *bytes, Py_ssize_t room)
{
    unsigned char prefix[17];
    Py_ssize_t used = 0;
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(keys); i++) {
        if (spread(PySequence_Fast_GET_ITEM(keys, i), afi, prefix) < 0) {
            return -1;
        }
        Py_ssize_t size = prefix_size(prefix[0]);
        if (prefix[0] > (afi == 1 ? 32 : 128)) {
            PyErr_SetString(PyExc_ValueError, "no key of a prefix");
            return -1;
        }
        if (used + size > room) {
            if (end_chunk(chunks, bytes, used) < 0) {
                return -1;
            }
            used = 0;
        }
        if (size <= room) { /* else there is no way to send it */
            memcpy(bytes + used, prefix, (size_t)size);
            used += size;
        }
    }
    return end_chunk(chunks, bytes, used);
}

static PyObject *
pack_keys(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *given;
    int afi;
    Py_ssize_t room;
    if (!PyArg_ParseTuple(args, "Oin", &given, &afi, &room)) {
        return NULL;
    }
    PyObject *keys = PySequence_Fast(given, "keys are a sequence");
    unsigned char *bytes = PyMem_Malloc(room > 0 ? (size_t)room : 1);
    PyObject *chunks = keys == NULL || bytes == NULL ? NULL : PyList_New(0);
    if (bytes == NULL) {
        PyErr_NoMemory();
    }
    if (chunks != NULL && fill_chunks(chunks, keys, afi, bytes, room) < 0) {
        Py_CLEAR(chunks);
    }
    PyMem_Free(bytes);
    Py_XDECREF(keys);
    return chunks;
}

PyMethodDef nlri_methods[] = {
    {"pack_keys", pack_keys, METH_VARARGS, "Prefixes in chunks of a size."},
    {"decode_v4", decode_v4, METH_O, "Keys of all IPv4 prefixes in the bytes."},
    {"decode_v6", decode_v6, METH_O, "Keys of all IPv6 prefixes in the bytes."},
    {NULL, NULL, 0, NULL},
};
