/* Filters: prefixes that a list is asked about (bgp.policy.prefixes), and attributes of which some
   are changed (bgp.splice). */
#include "attributes.h"

static PyObject *hits_name, *permit_name;

/* --- divide ---------------------------------------------------------------------------------- */

/* What the prefixes at hand are asked by, and those of each answer. */
typedef struct {
    PyObject *starts, *answers;
    long mask;
    PyObject *passed, *refused;
    PyObject *rule; /* the last answer, borrowed; it spoke of so many prefixes in a row */
    long count;
    int permit;
} Division;

/* The place of the last start that is not behind a key. */
static Py_ssize_t
start_of(PyObject *starts, long long key)
{
    Py_ssize_t low = 0, high = PyList_GET_SIZE(starts);
    while (high - low > 1) {
        Py_ssize_t middle = (low + high) / 2;
        if (PyLong_AsLongLong(PyList_GET_ITEM(starts, middle)) <= key) {
            low = middle;
        }
        else {
            high = middle;
        }
    }
    return low;
}

/* The rule for a key, borrowed from its answers, or None; NULL is an error. */
static PyObject *
rule_for(const Division *division, long long key)
{
    PyObject *answers = PyList_GET_ITEM(division->answers, start_of(division->starts, key));
    PyObject *length = PyLong_FromLong((long)(key & division->mask));
    if (length == NULL) {
        return NULL;
    }
    PyObject *rule = PyDict_GetItemWithError(answers, length);
    if (rule == NULL && !PyErr_Occurred()) {
        /* Worked out, and kept, by the class. */
        rule = PyObject_GetItem(answers, length);
        Py_XDECREF(rule);
    }
    Py_DECREF(length);
    return rule;
}

/* Counts the hits of the last rule. */
static int
count_hits(Division *division)
{
    if (division->rule == NULL || division->rule == Py_None) {
        return 0;
    }
    int failed = -1;
    PyObject *count = PyLong_FromLong(division->count);
    PyObject *before = PyObject_GetAttr(division->rule, hits_name);
    PyObject *after = count == NULL || before == NULL ? NULL : PyNumber_Add(before, count);
    if (after != NULL) {
        failed = PyObject_SetAttr(division->rule, hits_name, after);
    }
    Py_XDECREF(count);
    Py_XDECREF(before);
    Py_XDECREF(after);
    return failed;
}

static int
turn_to(Division *division, PyObject *rule)
{
    if (count_hits(division) < 0) {
        return -1;
    }
    division->rule = rule;
    division->count = 0;
    division->permit = 0;
    if (rule != Py_None) {
        PyObject *permit = PyObject_GetAttr(rule, permit_name);
        if (permit == NULL) {
            return -1;
        }
        division->permit = permit == Py_True;
        Py_DECREF(permit);
    }
    return 0;
}

static int
divide_all(Division *division, PyObject *keys)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(keys); i++) {
        PyObject *key = PyList_GET_ITEM(keys, i);
        long long value = PyLong_AsLongLong(key);
        PyObject *rule = value == -1 && PyErr_Occurred() ? NULL : rule_for(division, value);
        if (rule == NULL || (rule != division->rule && turn_to(division, rule) < 0)) {
            return -1;
        }
        division->count++;
        if (PyList_Append(division->permit ? division->passed : division->refused, key) < 0) {
            return -1;
        }
    }
    return count_hits(division);
}

static PyObject *
divide(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    enum { KEYS, STARTS, ANSWERS, MASK, ALL };
    if (count != ALL || !PyList_CheckExact(args[KEYS]) || !PyList_CheckExact(args[STARTS]) ||
        !PyList_CheckExact(args[ANSWERS])) {
        return pure_twin("divide", args, count);
    }
    Division division = {.starts = args[STARTS], .answers = args[ANSWERS]};
    division.mask = PyLong_AsLong(args[MASK]);
    if (division.mask == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (division.mask != 63) {
        return pure_twin("divide", args, count); /* keys of IPv6 are longer */
    }
    division.passed = PyList_New(0);
    division.refused = PyList_New(0);
    PyObject *both = NULL;
    if (division.passed != NULL && division.refused != NULL &&
        divide_all(&division, args[KEYS]) == 0) {
        both = PyTuple_Pack(2, division.passed, division.refused);
    }
    Py_XDECREF(division.passed);
    Py_XDECREF(division.refused);
    return both;
}

/* --- splice ---------------------------------------------------------------------------------- */

enum { CODES = 256 };

/* A whole attribute, or nothing. */
typedef struct {
    const unsigned char *at;
    Py_ssize_t size;
} Part;

/* The attributes of some bytes by their types; 0 where the bytes have a fault. */
static int
take_apart(PyObject *raw, Part *parts)
{
    const unsigned char *at = (const unsigned char *)PyBytes_AS_STRING(raw);
    const unsigned char *end = at + PyBytes_GET_SIZE(raw);
    while (at < end) {
        const unsigned char *head = at;
        Attribute one;
        if (!next_attribute(&at, end, &one)) {
            return 0;
        }
        parts[one.code] = (Part){head, at - head};
    }
    return 1;
}

static int
change_parts(PyObject *changed, Part *parts)
{
    PyObject *code, *part;
    Py_ssize_t at = 0;
    while (PyDict_Next(changed, &at, &code, &part)) {
        long place = PyLong_AsLong(code);
        if (place < 0 || place >= CODES || !PyBytes_CheckExact(part)) {
            return 0;
        }
        parts[place] =
            (Part){(const unsigned char *)PyBytes_AS_STRING(part), PyBytes_GET_SIZE(part)};
    }
    return 1;
}

static PyObject *
splice(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    Part parts[CODES] = {{NULL, 0}};
    if (count != 2 || !PyBytes_CheckExact(args[0]) || !PyDict_CheckExact(args[1]) ||
        !take_apart(args[0], parts) || !change_parts(args[1], parts)) {
        return PyErr_Occurred() ? NULL : pure_twin("splice", args, count);
    }
    Py_ssize_t size = 0;
    for (int code = 0; code < CODES; code++) {
        size += parts[code].size;
    }
    PyObject *made = PyBytes_FromStringAndSize(NULL, size);
    if (made == NULL) {
        return NULL;
    }
    char *to = PyBytes_AS_STRING(made);
    for (int code = 0; code < CODES; code++) {
        if (parts[code].size > 0) {
            memcpy(to, parts[code].at, (size_t)parts[code].size);
            to += parts[code].size;
        }
    }
    return made;
}

PyMethodDef policy_methods[] = {
    {"divide", (PyCFunction)(void (*)(void))divide, METH_FASTCALL,
     "The keys that a prefix-list permits, and the others."},
    {"splice", (PyCFunction)(void (*)(void))splice, METH_FASTCALL,
     "Attributes with some of them changed, in the order of their types."},
    {NULL, NULL, 0, NULL},
};

int
begin_policy(void)
{
    hits_name = PyUnicode_InternFromString("hits");
    permit_name = PyUnicode_InternFromString("permit");
    return hits_name == NULL || permit_name == NULL ? -1 : 0;
}
