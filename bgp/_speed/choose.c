/* The choice among the paths of a prefix: twin of bgp.rib.bestpath.choose where it is simple.

   That is where one path leads by its rank, or where those that do are of external neighbours in
   several ASs, with paths through several ASs and equal metrics: then no step that looks at two
   paths prefers one, none is used beside another, and the one in use stays. */
#include "attributes.h"
#include "choose.h"

enum { SERIAL_BITS = 20 };

/* --- the rules -------------------------------------------------------------------------------- */

int
open_chooser(struct chooser *chooser, PyObject *rules)
{
    if (prepare_entries() < 0) {
        return -1;
    }
    memset(chooser->terms, 0, sizeof chooser->terms);
    PyObject *serial = PyObject_GetAttrString(rules, "serial");
    PyObject *choices = serial == NULL ? NULL : PyObject_GetAttrString(rules, "choices");
    if (choices != NULL) {
        /* As bgp.rib.ranking marks ranks. */
        chooser->serial = 1 + PyLong_AsUnsignedLongLong(serial) % ((1u << SERIAL_BITS) - 1);
        chooser->choices = choices; /* the rules hold it */
        chooser->rules = rules;
        if (!PyDict_CheckExact(choices)) {
            PyErr_SetString(PyExc_TypeError, "choices are kept in a dict");
        }
    }
    Py_XDECREF(serial);
    Py_XDECREF(choices);
    return PyErr_Occurred() ? -1 : 0;
}

/* --- ranks ------------------------------------------------------------------------------------ */

/* The rank of a path, borrowed from it; NULL with an error set. */
static PyObject *
rank_of(struct chooser *chooser, PyObject *path)
{
    static PyObject *rank;
    PyObject *known = slot(path, layout.rank);
    unsigned long long low = PyLong_AsUnsignedLongLongMask(known);
    if ((low & ((1u << SERIAL_BITS) - 1)) == chooser->serial) {
        return known;
    }
    PyObject *arguments[] = {path, chooser->rules};
    PyObject *made = ours(&rank, "bgp.rib.ranking", "rank") == NULL
                         ? NULL
                         : PyObject_Vectorcall(rank, arguments, 2, NULL);
    Py_XDECREF(made);
    return made == NULL ? NULL : slot(path, layout.rank);
}

/* The places of the usable paths with the lowest rank; -1 with an error set. */
static int
find_leaders(struct chooser *chooser, const struct entry *entry, int *leaders)
{
    PyObject *least = NULL;
    int found = 0;
    for (Py_ssize_t i = 0; i < entry->count; i++) {
        PyObject *path = entry->paths[i];
        int usable = is_usable(path);
        PyObject *rank = usable > 0 ? rank_of(chooser, path) : NULL;
        if (usable < 0 || (usable && rank == NULL)) {
            return -1;
        }
        if (!usable) {
            continue;
        }
        int better = least == NULL ? 1 : PyObject_RichCompareBool(rank, least, Py_LT);
        if (better > 0) {
            least = rank;
            found = 0;
        }
        int equal = rank == least ? 1 : PyObject_RichCompareBool(rank, least, Py_EQ);
        if (better < 0 || equal < 0) {
            return -1;
        }
        if (equal) {
            leaders[found++] = (int)i;
        }
    }
    return found;
}

/* --- ties ------------------------------------------------------------------------------------- */

/* What is compared of two paths behind their ranks. */
struct rival {
    PyObject *path;
    long long remote_as, metric;
    uint32_t first_as;
};

/* The AS number of an external neighbour; -1 for any other; -2 with an error set. */
static long long
ask_remote_as(PyObject *source)
{
    PyObject *external = PyObject_GetAttrString(source, "is_ebgp");
    int is = external == NULL ? -1 : PyObject_IsTrue(external);
    Py_XDECREF(external);
    if (is <= 0) {
        return is < 0 ? -2 : -1;
    }
    PyObject *number = PyObject_GetAttrString(source, "remote_as");
    long long remote_as = number == NULL ? -1 : PyLong_AsLongLong(number);
    Py_XDECREF(number);
    return PyErr_Occurred() ? -2 : remote_as;
}

static long long
remote_as_of(struct chooser *chooser, PyObject *path)
{
    PyObject *shared = slot(path, layout.shared);
    struct terms *terms = &chooser->terms[((uintptr_t)shared >> 5) % MOST_SOURCES];
    if (terms->shared != shared) {
        terms->remote_as = ask_remote_as(source_of(path));
        terms->shared = terms->remote_as == -2 ? NULL : shared;
    }
    return terms->remote_as;
}

/* The AS that a path came through: the first number of its AS_PATH, if that begins with a sequence;
   0 where more would have to be compared. */
static uint32_t
first_as_of(PyObject *path)
{
    PyObject *attrs = slot(path, layout.attrs);
    if (!PyObject_TypeCheck(attrs, &Values_type)) {
        return 0;
    }
    PyObject *source = ((Values *)attrs)->source;
    if (!PyBytes_CheckExact(source) || ((Values *)attrs)->present & BIT(ORIGINATOR_ID)) {
        return 0;
    }
    const unsigned char *at = (unsigned char *)PyBytes_AS_STRING(source);
    const unsigned char *end = at + PyBytes_GET_SIZE(source);
    Attribute one;
    while (next_attribute(&at, end, &one)) {
        if (one.code == 2) {
            int begins = size_of(&one) >= 6 && one.value[0] == 2 && one.value[1] > 0;
            return begins ? read_u32(one.value + 2) : 0;
        }
    }
    return 0;
}

/* 1; 0 for a path that has to be compared step by step; -1 with an error set. */
static int
fill_rival(struct chooser *chooser, PyObject *path, struct rival *rival)
{
    PyObject *nexthop = parts_of(path)[layout.nexthop];
    rival->path = path;
    rival->remote_as = remote_as_of(chooser, path);
    rival->first_as = rival->remote_as < 0 ? 0 : first_as_of(path);
    rival->metric = 0;
    if (nexthop != Py_None) {
        PyObject *metric = slot(nexthop, layout.metric);
        rival->metric = metric == NULL ? 0 : PyLong_AsLongLong(metric);
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    return rival->first_as != 0;
}

static int
ties_with(const struct rival *rival, const struct rival *others, int count)
{
    for (int i = 0; i < count; i++) {
        if (rival->remote_as == others[i].remote_as || rival->first_as == others[i].first_as ||
            rival->metric != others[i].metric) {
            return 0;
        }
    }
    return 1;
}

/* Which of two has the lower router id: negative for the first; -2 with an error set, 0 if they have
   the same. */
static int
by_router_id(PyObject *path, PyObject *other)
{
    PyObject *mine = PyObject_GetAttrString(source_of(path), "router_id");
    PyObject *its = mine == NULL ? NULL : PyObject_GetAttrString(source_of(other), "router_id");
    int order = -2;
    if (its != NULL) {
        int lower = PyObject_RichCompareBool(mine, its, Py_LT);
        int same = lower != 0 ? 0 : PyObject_RichCompareBool(mine, its, Py_EQ);
        order = lower < 0 || same < 0 ? -2 : lower ? -1 : !same;
    }
    Py_XDECREF(mine);
    Py_XDECREF(its);
    return order;
}

/* The place of the best of several that lead; -1 where Python has to find it, -2 with an error. */
static int
break_tie(struct chooser *chooser, const struct entry *entry, const int *leaders, int count,
          PyObject *chosen)
{
    struct rival rivals[MOST_PATHS + 1];
    for (int i = 0; i < count; i++) {
        int filled = fill_rival(chooser, entry->paths[leaders[i]], &rivals[i]);
        if (filled < 0 || !filled || !ties_with(&rivals[i], rivals, i)) {
            return filled < 0 ? -2 : -1;
        }
    }
    /* FRR's deviation from the RFC: the one in use stays. */
    for (int i = 0; i < count; i++) {
        if (rivals[i].path == chosen) {
            return leaders[i];
        }
    }
    int kept = 0;
    for (int i = 1; i < count; i++) {
        int order = by_router_id(rivals[i].path, rivals[kept].path);
        if (order == -2 || order == 0) {
            return order == 0 ? -1 : -2;
        }
        kept = order < 0 ? i : kept;
    }
    return leaders[kept];
}

/* --- the entry -------------------------------------------------------------------------------- */

/* The Choice of these places, borrowed. */
static PyObject *
choice_of(struct chooser *chooser, Py_ssize_t best, Py_ssize_t before)
{
    PyObject *key = Py_BuildValue("nn", best, before);
    PyObject *choice = key == NULL ? NULL : PyDict_GetItemWithError(chooser->choices, key);
    if (choice == NULL && key != NULL && !PyErr_Occurred()) {
        PyObject *made =
            PyObject_CallFunction((PyObject *)layout.choice, "nnO", best, before, chooser->rules);
        choice = made == NULL ? NULL : PyDict_SetDefault(chooser->choices, key, made);
        Py_XDECREF(made);
    }
    Py_XDECREF(key);
    return choice;
}

static PyObject *
new_dest(PyObject *choice, const struct entry *entry)
{
    PyObject *dest = layout.dest->tp_alloc(layout.dest, entry->count + 1);
    if (dest != NULL) {
        PyTuple_SET_ITEM(dest, 0, Py_NewRef(choice));
        for (Py_ssize_t i = 0; i < entry->count; i++) {
            PyTuple_SET_ITEM(dest, i + 1, Py_NewRef(entry->paths[i]));
        }
    }
    return dest;
}

PyObject *
choose_entry(struct chooser *chooser, struct entry *entry, PyObject *chosen)
{
    int leaders[MOST_PATHS + 1];
    if (entry->count == 1) {
        entry->best = is_usable(entry->paths[0]) > 0 ? 0 : -1;
        return Py_NewRef(entry->paths[0]);
    }
    int count = find_leaders(chooser, entry, leaders);
    if (count <= 0) {
        return NULL;
    }
    int best = count == 1 ? leaders[0] : break_tie(chooser, entry, leaders, count, chosen);
    if (best < 0) {
        return NULL;
    }
    Py_ssize_t before = -1;
    for (Py_ssize_t i = 0; before < 0 && i < entry->count; i++) {
        before = entry->paths[i] == chosen ? i : -1;
    }
    PyObject *choice = choice_of(chooser, best, before);
    entry->best = best;
    return choice == NULL ? NULL : new_dest(choice, entry);
}
