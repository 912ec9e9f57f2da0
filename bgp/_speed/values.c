/* A set of attributes and its values: twin of bgp.attrset.Values. */
#include "attributes.h"
#include "structmember.h"

unsigned
place_of(unsigned code)
{
    static const uint8_t places[36] = {
        [0] = UNKNOWN,       [1] = ORIGIN,      [2] = AS_PATH,        [3] = NEXT_HOP,
        [4] = MED,           [5] = LOCAL_PREF,  [6] = ATOMIC,         [7] = AGGREGATOR,
        [8] = COMMUNITIES,   [9] = ORIGINATOR_ID, [10] = CLUSTER_LIST, [11] = UNKNOWN,
        [12] = UNKNOWN,      [13] = UNKNOWN,    [14] = PLACES,        [15] = PLACES,
        [16] = EXTENDED,     [17] = PLACES,     [18] = PLACES,        [19] = UNKNOWN,
        [20] = UNKNOWN,      [21] = UNKNOWN,    [22] = UNKNOWN,       [23] = UNKNOWN,
        [24] = UNKNOWN,      [25] = UNKNOWN,    [26] = UNKNOWN,       [27] = UNKNOWN,
        [28] = UNKNOWN,      [29] = UNKNOWN,    [30] = UNKNOWN,       [31] = UNKNOWN,
        [32] = LARGE,        [33] = UNKNOWN,    [34] = UNKNOWN,       [35] = OTC,
    };
    return code < sizeof places ? places[code] : UNKNOWN;
}

/* --- making and forgetting -------------------------------------------------------------------- */

static void
fill(Values *self)
{
    const unsigned char *at = (unsigned char *)PyBytes_AS_STRING(self->source);
    const unsigned char *end = at + PyBytes_GET_SIZE(self->source);
    Attribute one;
    self->origin = 2;
    while (next_attribute(&at, end, &one)) {
        unsigned place = place_of(one.code);
        if (place == PLACES || self->present & BIT(place)) {
            continue;
        }
        self->present |= (uint16_t)BIT(place);
        if (place == ORIGIN && size_of(&one) == 1) {
            self->origin = one.value[0];
        }
        else if (place == MED && size_of(&one) == 4) {
            self->med = read_u32(one.value);
        }
        else if (place == LOCAL_PREF && size_of(&one) == 4) {
            self->local_pref = read_u32(one.value);
        }
    }
}

PyObject *
new_values(PyTypeObject *type, PyObject *source, PyObject *nexthop)
{
    if (!PyBytes_CheckExact(source) &&
        !(PyTuple_CheckExact(source) && PyTuple_GET_SIZE(source) == PLACES)) {
        PyErr_SetString(PyExc_TypeError, "a set is made of bytes, or of a tuple of all values");
        return NULL;
    }
    Values *self = (Values *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->source = Py_NewRef(source);
    self->nexthop = Py_NewRef(nexthop);
    if (PyBytes_CheckExact(source)) {
        fill(self);
    }
    return (PyObject *)self;
}

static PyObject *
values_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *source, *nexthop;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "Values() takes no keyword arguments");
        return NULL;
    }
    if (!PyArg_UnpackTuple(args, "Values", 2, 2, &source, &nexthop)) {
        return NULL;
    }
    return new_values(type, source, nexthop);
}

static void
values_dealloc(Values *self)
{
    if (self->weakrefs != NULL) {
        PyObject_ClearWeakRefs((PyObject *)self);
    }
    if (self->known != NULL) {
        forget(self);
    }
    Py_XDECREF(self->source);
    Py_XDECREF(self->nexthop);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* --- values ----------------------------------------------------------------------------------- */

static int
find_code(PyObject *source, unsigned code, Attribute *one)
{
    const unsigned char *at = (unsigned char *)PyBytes_AS_STRING(source);
    const unsigned char *end = at + PyBytes_GET_SIZE(source);
    while (next_attribute(&at, end, one)) {
        if (one->code == code) {
            return 1;
        }
    }
    return 0;
}

static PyObject *
find(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 2 || !PyBytes_CheckExact(args[0])) {
        return pure_twin("find", args, count);
    }
    unsigned long code = PyLong_AsUnsignedLong(args[1]);
    if (code == (unsigned long)-1 && PyErr_Occurred()) {
        return NULL;
    }
    Attribute one;
    if (!find_code(args[0], (unsigned)code, &one)) {
        Py_RETURN_NONE;
    }
    return PyBytes_FromStringAndSize((const char *)one.value, size_of(&one));
}

static int
by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* COMMUNITIES, sorted and without doubles; the length is a multiple of four. */
static PyObject *
communities_of(const Attribute *one)
{
    uint32_t few[64], *numbers = few;
    Py_ssize_t count = size_of(one) / 4, kept = 0;
    int sorted = 1;
    if (count > 64 && (numbers = PyMem_New(uint32_t, (size_t)count)) == NULL) {
        return PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        numbers[i] = read_u32(one->value + 4 * i);
        sorted &= i == 0 || numbers[i - 1] < numbers[i];
    }
    if (!sorted) {
        qsort(numbers, (size_t)count, sizeof *numbers, by_number);
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (i == 0 || numbers[i] != numbers[kept - 1]) {
            numbers[kept++] = numbers[i];
        }
    }
    PyObject *found = PyTuple_New(kept);
    for (Py_ssize_t i = 0; found != NULL && i < kept; i++) {
        PyObject *number = PyLong_FromUnsignedLong(numbers[i]);
        if (number == NULL) {
            Py_CLEAR(found);
            break;
        }
        PyTuple_SET_ITEM(found, i, number);
    }
    if (numbers != few) {
        PyMem_Free(numbers);
    }
    return found;
}

/* AsPath.received of a path that is one sequence, without its call. */
static PyObject *
path_of(const Attribute *one)
{
    static const char *const slots[] = {"_data", "length", "_segments", "_text"};
    static Py_ssize_t offsets[4];
    static PyObject *type;
    if (type == NULL) {
        if (ours(&type, "bgp.wire.attributes.aspath", "AsPath") == NULL) {
            return NULL;
        }
        for (int i = 0; i < 4; i++) {
            offsets[i] = slot_offset((PyTypeObject *)type, slots[i]);
            if (offsets[i] < 0) {
                Py_CLEAR(type);
                return NULL;
            }
        }
    }
    PyObject *value = PyBytes_FromStringAndSize((const char *)one->value, size_of(one));
    if (value == NULL) {
        return NULL;
    }
    if (size_of(one) < 6 || one->value[0] != 2 || 2 + one->value[1] * 4 != size_of(one)) {
        PyObject *path = PyObject_CallMethod(type, "received", "O", value);
        Py_DECREF(value);
        return path;
    }
    PyObject *path = ((PyTypeObject *)type)->tp_alloc((PyTypeObject *)type, 0);
    PyObject *length = PyLong_FromLong(one->value[1]);
    if (path == NULL || length == NULL) {
        Py_XDECREF(path);
        Py_XDECREF(length);
        Py_DECREF(value);
        return NULL;
    }
    PyObject *const filled[] = {value, length, Py_NewRef(Py_None), Py_NewRef(Py_None)};
    for (int i = 0; i < 4; i++) {
        *(PyObject **)((char *)path + offsets[i]) = filled[i];
    }
    return path;
}

/* The way of the pure class, for what is asked seldom. */
static PyObject *
pure_value(PyObject *self, const char *name)
{
    PyObject *pure = pure_class("Values");
    PyObject *found = pure == NULL ? NULL : PyObject_GetAttrString(pure, name);
    if (found == NULL) {
        return NULL;
    }
    PyObject *value = PyObject_CallMethod(found, "__get__", "O", self);
    Py_DECREF(found);
    return value;
}

static const char *const names[PLACES] = {
    "origin",       "as_path",     "nexthop",       "med",          "local_pref",
    "atomic",       "aggregator",  "communities",   "originator_id", "cluster_list",
    "ext_communities", "large_communities", "otc",  "unknown",      "extras",
};

static PyObject *
get_value(Values *self, void *closure)
{
    static PyObject *defaults;
    unsigned place = (unsigned)(uintptr_t)closure;
    Attribute one;
    if (PyTuple_CheckExact(self->source)) {
        return Py_NewRef(PyTuple_GET_ITEM(self->source, place));
    }
    if (!(self->present & BIT(place))) {
        if (ours(&defaults, "bgp.attrset", "DEFAULTS") == NULL) {
            return NULL;
        }
        return Py_NewRef(PyTuple_GET_ITEM(defaults, place));
    }
    switch (place) {
    case ORIGIN:
        return PyLong_FromLong(self->origin);
    case MED:
        return PyLong_FromUnsignedLong(self->med);
    case LOCAL_PREF:
        return PyLong_FromUnsignedLong(self->local_pref);
    case ATOMIC:
        Py_RETURN_TRUE;
    case AS_PATH:
        find_code(self->source, 2, &one);
        return path_of(&one);
    case COMMUNITIES:
        find_code(self->source, 8, &one);
        return communities_of(&one);
    default:
        return pure_value((PyObject *)self, names[place]);
    }
}

#define VALUE(name, place) {name, (getter)get_value, NULL, NULL, (void *)(uintptr_t)(place)}

static PyGetSetDef values_getset[] = {
    VALUE("origin", ORIGIN),
    VALUE("as_path", AS_PATH),
    VALUE("med", MED),
    VALUE("local_pref", LOCAL_PREF),
    VALUE("atomic", ATOMIC),
    VALUE("aggregator", AGGREGATOR),
    VALUE("communities", COMMUNITIES),
    VALUE("originator_id", ORIGINATOR_ID),
    VALUE("cluster_list", CLUSTER_LIST),
    VALUE("ext_communities", EXTENDED),
    VALUE("large_communities", LARGE),
    VALUE("otc", OTC),
    VALUE("unknown", UNKNOWN),
    VALUE("extras", EXTRAS),
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef values_members[] = {
    {"source", T_OBJECT_EX, offsetof(Values, source), READONLY, NULL},
    {"nexthop", T_OBJECT_EX, offsetof(Values, nexthop), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

/* No part in the collection of cycles: nothing that a set refers to leads back to it. */
PyTypeObject Values_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "bgp._speed.Values",
    .tp_doc = "What a set of attributes says.",
    .tp_basicsize = sizeof(Values),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = values_new,
    .tp_dealloc = (destructor)values_dealloc,
    .tp_weaklistoffset = offsetof(Values, weakrefs),
    .tp_getset = values_getset,
    .tp_members = values_members,
};

static PyObject *
marked(PyObject *Py_UNUSED(module), PyObject *body)
{
    if (!PyBytes_CheckExact(body)) {
        return pure_twin("marked", &body, 1);
    }
    Attribute one;
    if (find_code(body, 8, &one)) {
        for (Py_ssize_t i = 0; i + 1 < size_of(&one); i++) {
            if (one.value[i] == 0xff && one.value[i + 1] == 0xff) {
                Py_RETURN_TRUE;
            }
        }
    }
    Py_RETURN_FALSE;
}

PyMethodDef values_methods[] = {
    {"marked", marked, METH_O, "Whether there may be well-known communities."},
    {"find", (PyCFunction)(void (*)(void))find, METH_FASTCALL, "The value of an attribute."},
    {NULL, NULL, 0, NULL},
};
