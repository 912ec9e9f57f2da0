/* Objects of classes with slots, made and filled at once: twin of bgp.compiled.maker. */
#include "speed.h"
#include <structmember.h>

/* Makes objects of a class: the values that are given fill the first slots, defaults the rest. */
typedef struct {
    PyObject_VAR_HEAD
    vectorcallfunc call;
    PyTypeObject *type;
    PyObject *defaults; /* a tuple, the values of the last slots */
    Py_ssize_t offsets[];
} Maker;

static PyObject *
made(PyObject *self, PyObject *const *args, size_t flags, PyObject *names)
{
    Maker *maker = (Maker *)self;
    Py_ssize_t count = PyVectorcall_NARGS(flags), all = Py_SIZE(maker);
    Py_ssize_t missing = all - count, known = PyTuple_GET_SIZE(maker->defaults);
    if (names != NULL || missing < 0 || missing > known) {
        PyErr_Format(PyExc_TypeError, "%s takes %zd to %zd values in their order, not %zd",
                     maker->type->tp_name, all - known, all, count);
        return NULL;
    }
    PyObject *one = maker->type->tp_alloc(maker->type, 0);
    if (one == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < all; i++) {
        PyObject *value = i < count ? args[i] : PyTuple_GET_ITEM(maker->defaults, i - all + known);
        *(PyObject **)((char *)one + maker->offsets[i]) = Py_NewRef(value);
    }
    return one;
}

static int
traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Maker *)self)->type);
    Py_VISIT(((Maker *)self)->defaults);
    return 0;
}

static void
dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(((Maker *)self)->type);
    Py_XDECREF(((Maker *)self)->defaults);
    PyObject_GC_Del(self);
}

PyTypeObject Maker_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "bgp._speed.Maker",
    .tp_basicsize = sizeof(Maker),
    .tp_itemsize = sizeof(Py_ssize_t),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(Maker, call),
    .tp_call = PyVectorcall_Call,
    .tp_traverse = traverse,
    .tp_dealloc = dealloc,
};

Py_ssize_t
slot_offset(PyTypeObject *type, const char *name)
{
    PyObject *found = PyObject_GetAttrString((PyObject *)type, name);
    if (found == NULL) {
        return -1;
    }
    Py_ssize_t offset = -1;
    if (Py_IS_TYPE(found, &PyMemberDescr_Type)) {
        const PyMemberDef *member = ((PyMemberDescrObject *)found)->d_member;
        offset = member->type == T_OBJECT_EX ? member->offset : -1;
    }
    Py_DECREF(found);
    if (offset < 0) {
        PyErr_Format(PyExc_TypeError, "%s has no slot %s", type->tp_name, name);
    }
    return offset;
}

static PyObject *
maker(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyTypeObject *type;
    PyObject *names, *defaults;
    if (!PyArg_ParseTuple(args, "O!O!O!", &PyType_Type, &type, &PyTuple_Type, &names,
                          &PyTuple_Type, &defaults)) {
        return NULL;
    }
    Py_ssize_t count = PyTuple_GET_SIZE(names);
    Maker *made_maker = PyObject_GC_NewVar(Maker, &Maker_type, count);
    if (made_maker == NULL) {
        return NULL;
    }
    made_maker->call = made;
    made_maker->type = (PyTypeObject *)Py_NewRef(type);
    made_maker->defaults = Py_NewRef(defaults);
    PyObject_GC_Track(made_maker);
    for (Py_ssize_t i = 0; i < count; i++) {
        const char *name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(names, i));
        made_maker->offsets[i] = name == NULL ? -1 : slot_offset(type, name);
        if (made_maker->offsets[i] < 0) {
            Py_DECREF(made_maker);
            return NULL;
        }
    }
    return (PyObject *)made_maker;
}

PyMethodDef record_methods[] = {
    {"maker", maker, METH_VARARGS, "What makes objects of a class with slots."},
    {NULL, NULL, 0, NULL},
};
