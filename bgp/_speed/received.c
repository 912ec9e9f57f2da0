/* Sets of attributes by the bytes that came: twin of bgp.attrs.Received.

   The table borrows its sets: one that nobody uses any more takes itself out. */
#include "attributes.h"

#define RECENT 8

struct Received {
    PyObject_HEAD
    Values **sets; /* open addressing, by the hash of bytes and next hop */
    size_t mask, used;
    PyTypeObject *made;
    int foreign, internal;
    /* Next hops that came lately: a peer has few. Sets that differ from a new one in the next hop
       alone are looked for under these. */
    struct {
        uint32_t hop;
        PyObject *address;
    } recent[RECENT];
    unsigned next;
};

/* The attributes that a lookup is about: without a NEXT_HOP that follows ORIGIN and AS_PATH. */
typedef struct {
    PyObject *body;
    uint32_t hop; /* 0, which cannot be one, where none was cut */
} Sought;

static const unsigned char *
cut_hop(const unsigned char *raw, Py_ssize_t size)
{
    Py_ssize_t at;
    if (size < 7 || raw[0] != 0x40 || raw[1] != 1 || raw[2] != 1 || raw[5] != 2) {
        return NULL;
    }
    if (raw[4] == 0x50) {
        at = size < 8 ? size : 8 + (raw[6] << 8 | raw[7]);
    }
    else if (raw[4] == 0x40) {
        at = 7 + raw[6];
    }
    else {
        return NULL;
    }
    if (at + 7 > size || raw[at] != 0x40 || raw[at + 1] != 3 || raw[at + 2] != 4 ||
        read_u32(raw + at + 3) == 0) {
        return NULL;
    }
    return raw + at + 3;
}

/* Fills `sought`, whose body is then to be released; -1 with an error. */
static int
seek(PyObject *raw, Sought *sought)
{
    if (!PyBytes_CheckExact(raw)) {
        PyErr_SetString(PyExc_TypeError, "attributes are bytes");
        return -1;
    }
    const unsigned char *data = (unsigned char *)PyBytes_AS_STRING(raw);
    Py_ssize_t size = PyBytes_GET_SIZE(raw);
    const unsigned char *hop = cut_hop(data, size);
    sought->hop = hop == NULL ? 0 : read_u32(hop);
    if (hop == NULL) {
        sought->body = Py_NewRef(raw);
    }
    else {
        sought->body = PyBytes_FromStringAndSize(NULL, size - 7);
        if (sought->body == NULL) {
            return -1;
        }
        unsigned char *body = (unsigned char *)PyBytes_AS_STRING(sought->body);
        size_t before = (size_t)(hop - 3 - data);
        memcpy(body, data, before);
        memcpy(body + before, data + before + 7, (size_t)size - before - 7);
    }
    return 0;
}

/* --- the table -------------------------------------------------------------------------------- */

/* Bytes keep their hash, which nobody outside can foresee. Next hops are chosen by neighbours, so
   they are spread by it too (multiply-shift hashing): else many could be made to meet in a place. */
static size_t
hash_of(PyObject *body, uint32_t hop)
{
    uint64_t hash = (uint64_t)PyObject_Hash(body);
    return (size_t)(hash ^ (hop * (hash | 1)) >> 32);
}

static size_t
home_of(const Received *self, const Values *set)
{
    return hash_of(set->source, set->hop) & self->mask;
}

static int
same_body(PyObject *mine, PyObject *other)
{
    return mine == other ||
           (PyBytes_GET_SIZE(mine) == PyBytes_GET_SIZE(other) &&
            memcmp(PyBytes_AS_STRING(mine), PyBytes_AS_STRING(other),
                   (size_t)PyBytes_GET_SIZE(mine)) == 0);
}

/* The set of these bytes, borrowed, or NULL. */
static Values *
look_up(const Received *self, const Sought *sought)
{
    size_t at = hash_of(sought->body, sought->hop) & self->mask;
    while (self->sets[at] != NULL) {
        Values *set = self->sets[at];
        if (set->hop == sought->hop && same_body(set->source, sought->body)) {
            return set;
        }
        at = (at + 1) & self->mask;
    }
    return NULL;
}

/* One that differs in its next hop alone, borrowed, if it has one of the recent ones. */
static Values *
look_for_like(const Received *self, const Sought *sought)
{
    for (int i = 0; sought->hop != 0 && i < RECENT; i++) {
        Sought other = {sought->body, self->recent[i].hop};
        Values *set = other.hop == 0 || other.hop == sought->hop ? NULL : look_up(self, &other);
        if (set != NULL) {
            return set;
        }
    }
    return NULL;
}

static void
put(Received *self, Values *set)
{
    size_t at = home_of(self, set);
    while (self->sets[at] != NULL) {
        at = (at + 1) & self->mask;
    }
    self->sets[at] = set;
}

static int
resize(Received *self, size_t size)
{
    Values **old = self->sets, **sets = PyMem_Calloc(size, sizeof *sets);
    size_t left = old == NULL ? 0 : self->mask + 1;
    if (sets == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->sets = sets;
    self->mask = size - 1;
    for (size_t at = 0; at < left; at++) {
        if (old[at] != NULL) {
            put(self, old[at]);
        }
    }
    PyMem_Free(old);
    return 0;
}

/* A new set, found by its bytes from now on. */
static PyObject *
add(Received *self, const Sought *sought, PyObject *nexthop)
{
    const Values *like = look_for_like(self, sought);
    /* Whoever holds `like` may let go of it while the new set is made. */
    PyObject *body = Py_NewRef(like == NULL ? sought->body : like->source);
    if (self->used * 3 >= (self->mask + 1) * 2 && resize(self, (self->mask + 1) * 2) < 0) {
        Py_DECREF(body);
        return NULL;
    }
    PyObject *made = new_values(self->made, body, nexthop);
    Py_DECREF(body);
    if (made != NULL) {
        ((Values *)made)->known = (Received *)Py_NewRef((PyObject *)self);
        ((Values *)made)->hop = sought->hop;
        put(self, (Values *)made);
        self->used++;
    }
    return made;
}

void
forget(Values *set)
{
    Received *self = set->known;
    size_t hole = home_of(self, set);
    while (self->sets[hole] != set) {
        hole = (hole + 1) & self->mask;
    }
    /* What stands behind moves up, so that no search ends at the hole. */
    for (size_t at = (hole + 1) & self->mask; self->sets[at] != NULL; at = (at + 1) & self->mask) {
        size_t home = home_of(self, self->sets[at]);
        if (((at - home) & self->mask) >= ((at - hole) & self->mask)) {
            self->sets[hole] = self->sets[at];
            hole = at;
        }
    }
    self->sets[hole] = NULL;
    self->used--;
    set->known = NULL;
    if (self->mask > 1023 && self->used * 8 < self->mask) {
        if (resize(self, (self->mask + 1) / 2) < 0) {
            PyErr_Clear(); /* then it stays as large as it is */
        }
    }
    Py_DECREF(self);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The Address of a next hop; a new reference. */
static PyObject *
address_of(Received *self, uint32_t hop)
{
    static PyObject *decode;
    if (hop == 0) {
        return Py_NewRef(Py_None);
    }
    for (int i = 0; i < RECENT; i++) {
        if (self->recent[i].hop == hop) {
            return Py_NewRef(self->recent[i].address);
        }
    }
    if (ours(&decode, "bgp.wire.attributes.basic", "decode_nexthop") == NULL) {
        return NULL;
    }
    const char bytes[] = {(char)(hop >> 24), (char)(hop >> 16), (char)(hop >> 8), (char)hop};
    PyObject *address = PyObject_CallFunction(decode, "y#O", bytes, (Py_ssize_t)4, Py_True);
    if (address != NULL) {
        self->recent[self->next].hop = hop;
        Py_XSETREF(self->recent[self->next].address, Py_NewRef(address));
        self->next = (self->next + 1) % RECENT;
    }
    return address;
}

/* None where the set has no next hop, though prefixes follow. */
static PyObject *
fit(PyObject *set, PyObject *nlri)
{
    if (nlri == Py_True && ((Values *)set)->nexthop == Py_None) {
        Py_RETURN_NONE;
    }
    return Py_NewRef(set);
}

static PyObject *
read_new(Received *self, PyObject *raw, const Sought *sought, int nlri)
{
    uint32_t hop = sought->hop;
    if (!is_plain(raw, self->foreign, self->internal, nlri, &hop)) {
        Py_RETURN_NONE;
    }
    PyObject *nexthop = address_of(self, hop);
    if (nexthop == NULL) {
        return NULL;
    }
    PyObject *made = add(self, sought, nexthop);
    Py_DECREF(nexthop);
    return made;
}

/* --- methods ---------------------------------------------------------------------------------- */

static PyObject *
received_find(Received *self, PyObject *raw)
{
    Sought sought;
    if (seek(raw, &sought) < 0) {
        return NULL;
    }
    Values *set = look_up(self, &sought);
    Py_DECREF(sought.body);
    return Py_NewRef(set == NULL ? Py_None : (PyObject *)set);
}

static PyObject *
received_read(Received *self, PyObject *const *args, Py_ssize_t count)
{
    Sought sought;
    if (count != 2 || !PyBool_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "read() takes bytes and a truth value");
        return NULL;
    }
    if (seek(args[0], &sought) < 0) {
        return NULL;
    }
    Values *set = look_up(self, &sought);
    PyObject *found = set != NULL ? fit((PyObject *)set, args[1])
                                  : read_new(self, args[0], &sought, args[1] == Py_True);
    Py_DECREF(sought.body);
    return found;
}

static PyObject *
received_keep(Received *self, PyObject *const *args, Py_ssize_t count)
{
    Sought sought;
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "keep() takes bytes and a next hop");
        return NULL;
    }
    if (seek(args[0], &sought) < 0) {
        return NULL;
    }
    Values *set = look_up(self, &sought);
    PyObject *found = set != NULL ? Py_NewRef((PyObject *)set) : add(self, &sought, args[1]);
    Py_DECREF(sought.body);
    return found;
}

static PyObject *
received_iter(Received *self)
{
    PyObject *sets = PyList_New(0);
    for (size_t at = 0; sets != NULL && at <= self->mask; at++) {
        if (self->sets[at] != NULL && PyList_Append(sets, (PyObject *)self->sets[at]) < 0) {
            Py_CLEAR(sets);
        }
    }
    PyObject *found = sets == NULL ? NULL : PyObject_GetIter(sets);
    Py_XDECREF(sets);
    return found;
}

static PyObject *
received_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs))
{
    PyTypeObject *made;
    int as4, external, confederation;
    if (!PyArg_ParseTuple(args, "(ppp)O!", &as4, &external, &confederation, &PyType_Type, &made)) {
        return NULL;
    }
    if (!as4 || !PyType_IsSubtype(made, &Values_type)) {
        PyErr_SetString(PyExc_TypeError, "sets are of a class of Values, with AS numbers of four");
        return NULL;
    }
    Received *self = (Received *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->made = (PyTypeObject *)Py_NewRef((PyObject *)made);
    self->foreign = external && !confederation;
    self->internal = !external;
    if (resize(self, 64) < 0) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static void
received_dealloc(Received *self)
{
    /* No set is left: each holds the table. */
    PyMem_Free(self->sets);
    for (int i = 0; i < RECENT; i++) {
        Py_XDECREF(self->recent[i].address);
    }
    Py_XDECREF(self->made);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef received_methods[] = {
    {"find", (PyCFunction)received_find, METH_O, "The set of these bytes that is in use."},
    {"read", (PyCFunction)(void (*)(void))received_read, METH_FASTCALL,
     "The set of bytes that are known or simple to read; None if the reader is needed."},
    {"keep", (PyCFunction)(void (*)(void))received_keep, METH_FASTCALL,
     "The set of bytes that the reader found without fault."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject Received_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "bgp._speed.Received",
    .tp_doc = "Sets of attributes by the bytes that came.",
    .tp_basicsize = sizeof(Received),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = received_new,
    .tp_dealloc = (destructor)received_dealloc,
    .tp_iter = (getiterfunc)received_iter,
    .tp_methods = received_methods,
};
