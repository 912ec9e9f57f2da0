/* Objects of classes with slots, made and filled at once: twin of bgp.compiled.maker. */
#include "speed.h"
#include <structmember.h>

enum { MOST_PARTS = 32 };

/* Makes objects of a class: the values that are given fill the first slots, defaults the rest. */
typedef struct {
    PyObject_VAR_HEAD
    vectorcallfunc call;
    PyTypeObject *type;
    PyObject *defaults; /* a tuple, the values of the last slots */
    Py_ssize_t shared;  /* where an object has what it shares with others (folded.c), or 0 */
    Py_ssize_t parts;   /* how many values that are */
    Py_ssize_t offsets[]; /* of slots; of values that are shared their places, from -1 downwards */
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
    PyObject *one = maker->type->tp_alloc(maker->type, 0), *parts[MOST_PARTS];
    if (one == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < all; i++) {
        PyObject *value = i < count ? args[i] : PyTuple_GET_ITEM(maker->defaults, i - all + known);
        if (maker->offsets[i] < 0) {
            parts[-maker->offsets[i] - 1] = value;
        }
        else {
            *(PyObject **)((char *)one + maker->offsets[i]) = Py_NewRef(value);
        }
    }
    if (maker->parts) {
        PyObject *shared = shared_of(parts, maker->parts);
        if (shared == NULL) {
            Py_DECREF(one);
            return NULL;
        }
        *(PyObject **)((char *)one + maker->shared) = shared;
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

/* Where objects have the slot of this name; -1 with an error set. */
static int
find_place(Maker *maker, Py_ssize_t i, const char *name)
{
    Py_ssize_t index = part_index(maker->type, name, &maker->parts);
    if (index < 0) {
        maker->offsets[i] = slot_offset(maker->type, name);
        return maker->offsets[i] < 0 ? -1 : 0;
    }
    maker->offsets[i] = -1 - index;
    return 0;
}

/* Whether the maker is given each of the values that are shared; if not an error is set. */
static int
has_all_parts(const Maker *maker)
{
    uint32_t seen = 0;
    for (Py_ssize_t i = 0; i < Py_SIZE(maker); i++) {
        if (maker->offsets[i] < 0 && maker->offsets[i] >= -MOST_PARTS) {
            seen |= 1u << (-maker->offsets[i] - 1);
        }
    }
    if (maker->parts > MOST_PARTS || seen != (uint32_t)(((uint64_t)1 << maker->parts) - 1)) {
        PyErr_SetString(PyExc_TypeError, "a maker is given all values that are shared");
        return 0;
    }
    return 1;
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
    made_maker->shared = made_maker->parts = 0;
    made_maker->type = (PyTypeObject *)Py_NewRef(type);
    made_maker->defaults = Py_NewRef(defaults);
    PyObject_GC_Track(made_maker);
    for (Py_ssize_t i = 0; i < count; i++) {
        const char *name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(names, i));
        if (name == NULL || find_place(made_maker, i, name) < 0) {
            Py_DECREF(made_maker);
            return NULL;
        }
    }
    if (made_maker->parts) {
        made_maker->shared = slot_offset(type, "_shared");
        if (made_maker->shared < 0 || !has_all_parts(made_maker)) {
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
