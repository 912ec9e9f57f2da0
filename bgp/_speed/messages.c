/* UPDATE messages, taken apart and made of IPv4 prefixes: twins of functions of bgp.wire.update. */
#include "speed.h"

#define HEADER 19
#define STANDARD 4096

/* A message in the making: `head` bytes stand before the prefixes, `tail` zeros behind them. */
typedef struct {
    unsigned char *bytes;
    Py_ssize_t head, tail, used, limit;
    int withdrawing;
    PyObject *messages;
} Writer;

static void
put_u16(unsigned char *at, Py_ssize_t number)
{
    at[0] = (unsigned char)(number >> 8);
    at[1] = (unsigned char)number;
}

/* Ends the message at hand and begins the next one; -1 with an error. */
static int
end_message(Writer *self)
{
    if (self->used == self->head) {
        return 0;
    }
    Py_ssize_t size = self->used + self->tail;
    memset(self->bytes + self->used, 0, (size_t)self->tail);
    put_u16(self->bytes + 16, size);
    if (self->withdrawing) {
        put_u16(self->bytes + HEADER, self->used - self->head);
    }
    PyObject *message = PyBytes_FromStringAndSize((char *)self->bytes, size);
    int failed = message == NULL || PyList_Append(self->messages, message) < 0;
    Py_XDECREF(message);
    self->used = self->head;
    return failed ? -1 : 0;
}

static int
put_key(Writer *self, PyObject *key)
{
    unsigned long long number = PyLong_AsUnsignedLongLong(key);
    if (number == (unsigned long long)-1 && PyErr_Occurred()) {
        return -1;
    }
    unsigned bits = number & 63;
    Py_ssize_t size = prefix_size(bits), most = self->limit - self->tail;
    if (bits > 32) {
        PyErr_SetString(PyExc_ValueError, "no key of an IPv4 prefix");
        return -1;
    }
    if (self->used + size > most && end_message(self) < 0) {
        return -1;
    }
    if (self->used + size > most) {
        return 0; /* there is no way to send it */
    }
    uint32_t address = (uint32_t)(number >> 6);
    unsigned char *at = self->bytes + self->used;
    *at++ = (unsigned char)bits;
    for (Py_ssize_t i = 1; i < size; i++, address <<= 8) {
        *at++ = (unsigned char)(address >> 24);
    }
    self->used += size;
    return 0;
}

static PyObject *
write_messages(Writer *self, PyObject *keys)
{
    PyObject *all = PySequence_Fast(keys, "keys are a sequence");
    if (all == NULL) {
        return NULL;
    }
    self->used = self->head;
    self->messages = PyList_New(0);
    for (Py_ssize_t i = 0; self->messages != NULL && i < PySequence_Fast_GET_SIZE(all); i++) {
        if (put_key(self, PySequence_Fast_GET_ITEM(all, i)) < 0) {
            Py_CLEAR(self->messages);
        }
    }
    Py_DECREF(all);
    if (self->messages != NULL && end_message(self) < 0) {
        Py_CLEAR(self->messages);
    }
    return self->messages;
}

/* Messages whose prefixes stand behind `attributes`, or, without these, are withdrawn. */
static PyObject *
messages_of(PyObject *keys, PyObject *attributes, Py_ssize_t limit)
{
    unsigned char few[STANDARD + 1024], *bytes = few;
    Py_ssize_t size = attributes == NULL ? 0 : PyBytes_GET_SIZE(attributes);
    Py_ssize_t head = HEADER + 2 + (attributes == NULL ? 0 : 2 + size);
    /* Attributes that leave no room for a prefix are no reason to write beyond the end. */
    size_t needed = (size_t)(limit > head ? limit : head) + 32;
    if (needed > sizeof few && (bytes = PyMem_Malloc(needed)) == NULL) {
        return PyErr_NoMemory();
    }
    memset(bytes, 0xff, 16);
    bytes[18] = 2;
    put_u16(bytes + HEADER, 0);
    if (attributes != NULL) {
        put_u16(bytes + HEADER + 2, size);
        memcpy(bytes + HEADER + 4, PyBytes_AS_STRING(attributes), (size_t)size);
    }
    Writer writer = {
        .bytes = bytes,
        .head = head,
        .tail = attributes == NULL ? 2 : 0,
        .limit = limit,
        .withdrawing = attributes == NULL,
    };
    PyObject *messages = write_messages(&writer, keys);
    if (bytes != few) {
        PyMem_Free(bytes);
    }
    return messages;
}

static PyObject *
announce_v4(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 3 || !PyBytes_CheckExact(args[0])) {
        return pure_twin("announce_v4", args, count);
    }
    Py_ssize_t limit = PyLong_AsSsize_t(args[2]);
    if (limit == -1 && PyErr_Occurred()) {
        return NULL;
    }
    return messages_of(args[1], args[0], limit);
}

static PyObject *
withdraw_v4(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 2) {
        return pure_twin("withdraw_v4", args, count);
    }
    Py_ssize_t limit = PyLong_AsSsize_t(args[1]);
    if (limit == -1 && PyErr_Occurred()) {
        return NULL;
    }
    return messages_of(args[0], NULL, limit);
}

/* The parts of a body as bgp.wire.update.Update, without the call that makes one. */
static PyObject *
update_of(const char *const at[3], const Py_ssize_t size[3])
{
    static PyObject *type;
    if (ours(&type, "bgp.wire.update", "Update") == NULL) {
        return NULL;
    }
    PyObject *update = ((PyTypeObject *)type)->tp_alloc((PyTypeObject *)type, 3);
    for (int i = 0; update != NULL && i < 3; i++) {
        PyObject *part = PyBytes_FromStringAndSize(at[i], size[i]);
        if (part == NULL) {
            Py_CLEAR(update);
            break;
        }
        PyTuple_SET_ITEM(update, i, part);
    }
    return update;
}

static PyObject *
split(PyObject *Py_UNUSED(module), PyObject *body)
{
    if (!PyBytes_CheckExact(body) || PyBytes_GET_SIZE(body) < 4) {
        return pure_twin("split", &body, 1);
    }
    const char *at = PyBytes_AS_STRING(body);
    const unsigned char *data = (const unsigned char *)at;
    Py_ssize_t size = PyBytes_GET_SIZE(body), middle = 2 + (data[0] << 8 | data[1]), end = 0;
    if (middle + 2 <= size) {
        end = middle + 2 + (data[middle] << 8 | data[middle + 1]);
    }
    if (middle + 2 > size || end > size) {
        return pure_twin("split", &body, 1);
    }
    const char *const parts[3] = {at + 2, at + middle + 2, at + end};
    const Py_ssize_t sizes[3] = {middle - 2, end - middle - 2, size - end};
    return update_of(parts, sizes);
}

PyMethodDef messages_methods[] = {
    {"split", split, METH_O, "The parts of an UPDATE's body."},
    {"announce_v4", (PyCFunction)(void (*)(void))announce_v4, METH_FASTCALL,
     "Messages that announce IPv4 prefixes with the same attributes."},
    {"withdraw_v4", (PyCFunction)(void (*)(void))withdraw_v4, METH_FASTCALL,
     "Messages that withdraw IPv4 prefixes."},
    {NULL, NULL, 0, NULL},
};
