/* Slots that most objects of a class have alike: twins of functions of bgp.folded.

   An object has the few of its own and one `Shared`, which others with the same values have too. It
   is made anew when one of its values is set; `settle`, or a maker, looks for an equal one. */
#include "speed.h"

#define KNOWN 1024

typedef struct {
    PyObject_VAR_HEAD
    int place; /* among the known ones; -1 for one that a single object has */
    PyObject *parts[];
} Shared;

/* A part of the Shared that an object has at `offset`: a data descriptor of its class. */
typedef struct {
    PyObject_HEAD
    PyTypeObject *type;
    Py_ssize_t offset, index, count;
} Part;

static PyTypeObject Shared_type;
PyTypeObject Part_type;

/* Borrowed: each takes itself out when it goes. */
static Shared *known[KNOWN];

static int
place_of(PyObject *const *parts, Py_ssize_t count)
{
    uint64_t mixed = (uint64_t)count;
    for (Py_ssize_t i = 0; i < count; i++) {
        mixed = (mixed ^ (uint64_t)(uintptr_t)parts[i] >> 4) * 0x9e3779b97f4a7c15u;
    }
    return (int)(mixed >> 32) & (KNOWN - 1);
}

static Shared *
new_shared(PyObject *const *parts, Py_ssize_t count)
{
    Shared *made = PyObject_GC_NewVar(Shared, &Shared_type, count);
    if (made != NULL) {
        made->place = -1;
        for (Py_ssize_t i = 0; i < count; i++) {
            made->parts[i] = parts == NULL ? NULL : Py_XNewRef(parts[i]);
        }
        PyObject_GC_Track(made);
    }
    return made;
}

PyObject *
shared_of(PyObject *const *parts, Py_ssize_t count)
{
    int place = place_of(parts, count);
    Shared *it = known[place];
    if (it != NULL && Py_SIZE(it) == count &&
        memcmp(it->parts, parts, (size_t)count * sizeof *parts) == 0) {
        return Py_NewRef((PyObject *)it);
    }
    it = new_shared(parts, count);
    if (it != NULL) {
        if (known[place] != NULL) {
            known[place]->place = KNOWN; /* it may be shared still, but is found no more */
        }
        it->place = place;
        known[place] = it;
    }
    return (PyObject *)it;
}

static int
shared_traverse(Shared *self, visitproc visit, void *arg)
{
    for (Py_ssize_t i = 0; i < Py_SIZE(self); i++) {
        Py_VISIT(self->parts[i]);
    }
    return 0;
}

static int
shared_clear(Shared *self)
{
    /* Found no more: it is not what it was. */
    if (self->place >= 0 && self->place < KNOWN && known[self->place] == self) {
        known[self->place] = NULL;
        self->place = KNOWN;
    }
    for (Py_ssize_t i = 0; i < Py_SIZE(self); i++) {
        Py_CLEAR(self->parts[i]);
    }
    return 0;
}

static void
shared_dealloc(Shared *self)
{
    PyObject_GC_UnTrack(self);
    shared_clear(self);
    PyObject_GC_Del(self);
}

static PyTypeObject Shared_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "bgp._speed._Shared",
    .tp_basicsize = sizeof(Shared),
    .tp_itemsize = sizeof(PyObject *),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)shared_traverse,
    .tp_clear = (inquiry)shared_clear,
    .tp_dealloc = (destructor)shared_dealloc,
};

/* --- the descriptor --------------------------------------------------------------------------- */

/* Where an object has its Shared; NULL with an error set if it is of another class. */
static Shared **
shared_at(const Part *part, PyObject *object)
{
    if (!PyObject_TypeCheck(object, part->type)) {
        PyErr_Format(PyExc_TypeError, "this is a slot of %s", part->type->tp_name);
        return NULL;
    }
    Shared **at = (Shared **)((char *)object + part->offset);
    if (*at != NULL && (!Py_IS_TYPE(*at, &Shared_type) || Py_SIZE(*at) != part->count)) {
        PyErr_SetString(PyExc_TypeError, "what an object shares was changed");
        return NULL;
    }
    return at;
}

static PyObject *
part_get(Part *part, PyObject *object, PyObject *Py_UNUSED(type))
{
    if (object == NULL) {
        return Py_NewRef((PyObject *)part);
    }
    Shared **at = shared_at(part, object);
    if (at == NULL) {
        return NULL;
    }
    PyObject *value = *at == NULL ? NULL : (*at)->parts[part->index];
    if (value == NULL) {
        PyErr_SetString(PyExc_AttributeError, "a slot has no value yet");
    }
    return Py_XNewRef(value);
}

static int
part_set(Part *part, PyObject *object, PyObject *value)
{
    if (value == NULL) {
        PyErr_SetString(PyExc_AttributeError, "this slot cannot be deleted");
        return -1;
    }
    Shared **at = shared_at(part, object);
    if (at == NULL) {
        return -1;
    }
    if (*at == NULL || (*at)->place >= 0) {
        /* Making one may run the collector, and that Python: `*at` is looked at anew. */
        PyObject *old = Py_XNewRef((PyObject *)*at);
        Shared *own = new_shared(old == NULL ? NULL : ((Shared *)old)->parts, part->count);
        Py_XDECREF(old);
        if (own == NULL) {
            return -1;
        }
        Py_XSETREF(*at, own);
        Py_XSETREF(own->parts[part->index], Py_NewRef(value));
        return 0;
    }
    Py_XSETREF((*at)->parts[part->index], Py_NewRef(value));
    return 0;
}

static void
part_dealloc(Part *self)
{
    Py_XDECREF(self->type);
    PyObject_Free(self);
}

PyTypeObject Part_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "bgp._speed._Part",
    .tp_basicsize = sizeof(Part),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_descr_get = (descrgetfunc)part_get,
    .tp_descr_set = (descrsetfunc)part_set,
    .tp_dealloc = (destructor)part_dealloc,
};

Py_ssize_t
part_index(PyTypeObject *type, const char *name, Py_ssize_t *count)
{
    PyObject *found = PyObject_GetAttrString((PyObject *)type, name);
    Py_ssize_t index = -1;
    if (found != NULL && Py_IS_TYPE(found, &Part_type)) {
        index = ((Part *)found)->index;
        *count = ((Part *)found)->count;
    }
    Py_XDECREF(found);
    PyErr_Clear();
    return index;
}

PyObject *const *
shared_parts(PyObject *shared, Py_ssize_t count)
{
    return Py_IS_TYPE(shared, &Shared_type) && Py_SIZE(shared) == count ? ((Shared *)shared)->parts
                                                                        : NULL;
}

int
is_settled(PyObject *shared)
{
    return shared != NULL && Py_IS_TYPE(shared, &Shared_type) && ((Shared *)shared)->place >= 0;
}

/* --- functions -------------------------------------------------------------------------------- */

static PyObject *
share(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyTypeObject *type;
    PyObject *names;
    if (!PyArg_ParseTuple(args, "O!O!", &PyType_Type, &type, &PyTuple_Type, &names)) {
        return NULL;
    }
    Py_ssize_t offset = slot_offset(type, "_shared"), count = PyTuple_GET_SIZE(names);
    for (Py_ssize_t i = 0; offset >= 0 && i < count; i++) {
        Part *part = PyObject_New(Part, &Part_type);
        if (part == NULL) {
            return NULL;
        }
        part->type = (PyTypeObject *)Py_NewRef((PyObject *)type);
        part->offset = offset;
        part->index = i;
        part->count = count;
        int failed = PyObject_SetAttr((PyObject *)type, PyTuple_GET_ITEM(names, i), (PyObject *)part);
        Py_DECREF(part);
        if (failed < 0) {
            return NULL;
        }
    }
    if (offset < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
settle(PyObject *Py_UNUSED(module), PyObject *object)
{
    Py_ssize_t offset = slot_offset(Py_TYPE(object), "_shared");
    if (offset < 0) {
        return NULL;
    }
    Shared **at = (Shared **)((char *)object + offset), *own = *at;
    if (own != NULL && Py_IS_TYPE(own, &Shared_type) && own->place < 0) {
        for (Py_ssize_t i = 0; i < Py_SIZE(own); i++) {
            if (own->parts[i] == NULL) {
                return Py_NewRef(object);
            }
        }
        Py_INCREF(own);
        PyObject *shared = shared_of(own->parts, Py_SIZE(own));
        if (shared != NULL) {
            Py_XSETREF(*at, (Shared *)shared);
        }
        Py_DECREF(own);
        if (shared == NULL) {
            return NULL;
        }
    }
    return Py_NewRef(object);
}

PyMethodDef folded_methods[] = {
    {"share", share, METH_VARARGS, "Objects of a class share the values of these slots."},
    {"settle", settle, METH_O, "An object shares its values with those that have the same."},
    {NULL, NULL, 0, NULL},
};

int
prepare_folded(void)
{
    return PyType_Ready(&Shared_type) < 0 || PyType_Ready(&Part_type) < 0 ? -1 : 0;
}
