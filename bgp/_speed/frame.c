/* Messages in what a neighbour sent: twin of a function of bgp.wire.message. */
#include "speed.h"

enum { HEADER = 19, SMALLEST = 23, UPDATE = 2 };

/* The length of the UPDATE at the start of the bytes; 0 if it is no whole, well-framed one. */
static Py_ssize_t
update_length(const unsigned char *at, Py_ssize_t size, Py_ssize_t most)
{
    static const unsigned char marker[16] = {255, 255, 255, 255, 255, 255, 255, 255,
                                             255, 255, 255, 255, 255, 255, 255, 255};
    if (size < HEADER || at[18] != UPDATE || memcmp(at, marker, sizeof marker) != 0) {
        return 0;
    }
    Py_ssize_t length = at[16] << 8 | at[17];
    return length < SMALLEST || length > most || length > size ? 0 : length;
}

static PyObject *
cut_updates(PyObject *Py_UNUSED(module), PyObject *args)
{
    const char *buffer;
    Py_ssize_t size, most, start = 0, length;
    if (!PyArg_ParseTuple(args, "y#n", &buffer, &size, &most)) {
        return NULL;
    }
    const unsigned char *at = (const unsigned char *)buffer;
    PyObject *bodies = PyList_New(0);
    while (bodies != NULL && (length = update_length(at + start, size - start, most)) > 0) {
        PyObject *body = PyBytes_FromStringAndSize(buffer + start + HEADER, length - HEADER);
        if (body == NULL || PyList_Append(bodies, body) < 0) {
            Py_CLEAR(bodies);
        }
        Py_XDECREF(body);
        start += length;
    }
    return bodies == NULL ? NULL : Py_BuildValue("Nn", bodies, start);
}

PyMethodDef frame_methods[] = {
    {"cut_updates", cut_updates, METH_VARARGS, "The bodies of the UPDATEs in front."},
    {NULL, NULL, 0, NULL},
};
