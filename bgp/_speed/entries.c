/* Entries of tables: what paths, and the choices among them, look like. */
#include "entries.h"

struct layout layout;

/* --- preparing -------------------------------------------------------------------------------- */

static PyTypeObject *
class_of(const char *module, const char *name)
{
    PyObject *found = NULL;
    if (ours(&found, module, name) != NULL && !PyType_Check(found)) {
        PyErr_Format(PyExc_TypeError, "%s is no class", name);
        Py_CLEAR(found);
    }
    return (PyTypeObject *)found;
}

static int
find_slot(PyTypeObject *type, const char *name, Py_ssize_t *offset)
{
    *offset = slot_offset(type, name);
    return *offset < 0 ? -1 : 0;
}

static int
find_part(const char *name, Py_ssize_t *index)
{
    *index = part_index(layout.path, name, &layout.parts);
    if (*index < 0) {
        PyErr_Format(PyExc_TypeError, "paths do not share %s", name);
        return -1;
    }
    return 0;
}

int
prepare_entries(void)
{
    if (layout.hop != NULL) {
        return 0;
    }
    layout.path = class_of("bgp.rib.path", "Path");
    layout.dest = layout.path == NULL ? NULL : class_of("bgp.rib.path", "Dest");
    layout.choice = layout.dest == NULL ? NULL : class_of("bgp.rib.path", "Choice");
    PyTypeObject *nexthop = layout.choice == NULL ? NULL : class_of("bgp.rib.nexthop", "Nexthop");
    if (nexthop == NULL || find_slot(layout.path, "attrs", &layout.attrs) < 0 ||
        find_slot(layout.path, "rank", &layout.rank) < 0 ||
        find_slot(layout.path, "_shared", &layout.shared) < 0 ||
        find_part("source", &layout.source) < 0 || find_part("nexthop", &layout.nexthop) < 0 ||
        find_part("path_id", &layout.path_id) < 0 ||
        find_slot(layout.choice, "best", &layout.best) < 0 ||
        find_slot(layout.choice, "multipath", &layout.multipath) < 0 ||
        find_slot(layout.choice, "winners", &layout.winners) < 0 ||
        find_slot(layout.choice, "summary", &layout.summary) < 0 ||
        find_slot(nexthop, "valid", &layout.valid) < 0 ||
        find_slot(nexthop, "metric", &layout.metric) < 0) {
        return -1;
    }
    layout.hop = nexthop;
    return 0;
}

/* --- looking at paths and entries ------------------------------------------------------------- */

int
is_whole(PyObject *path)
{
    PyObject *const *parts = Py_IS_TYPE(path, layout.path) ? parts_of(path) : NULL;
    return parts != NULL && parts[layout.source] != NULL && parts[layout.nexthop] != NULL &&
           parts[layout.path_id] != NULL && slot(path, layout.attrs) != NULL &&
           slot(path, layout.rank) != NULL &&
           (parts[layout.nexthop] == Py_None || Py_IS_TYPE(parts[layout.nexthop], layout.hop));
}

PyObject *
source_of(PyObject *path)
{
    return parts_of(path)[layout.source];
}

PyObject *
path_id_of(PyObject *path)
{
    return parts_of(path)[layout.path_id];
}

int
is_path_of(PyObject *path, PyObject *source, PyObject *path_id)
{
    PyObject *const *parts = parts_of(path);
    if (parts[layout.source] != source) {
        return 0;
    }
    return parts[layout.path_id] == path_id ||
           PyObject_RichCompareBool(parts[layout.path_id], path_id, Py_EQ) == 1;
}

int
is_usable(PyObject *path)
{
    PyObject *nexthop = parts_of(path)[layout.nexthop];
    if (nexthop == Py_None) {
        return 1;
    }
    PyObject *valid = slot(nexthop, layout.valid);
    return valid == NULL ? 0 : PyObject_IsTrue(valid);
}

static int
is_empty(PyObject *choice, Py_ssize_t offset)
{
    PyObject *them = slot(choice, offset);
    return them != NULL && PyTuple_CheckExact(them) && PyTuple_GET_SIZE(them) == 0;
}

int
read_entry(PyObject *it, struct entry *entry)
{
    if (Py_IS_TYPE(it, layout.path)) {
        entry->paths[0] = it;
        entry->count = 1;
        entry->best = is_whole(it) && is_usable(it) ? 0 : -1;
        return is_whole(it);
    }
    Py_ssize_t count = Py_IS_TYPE(it, layout.dest) ? PyTuple_GET_SIZE(it) - 1 : 0;
    PyObject *choice = count < 1 || count > MOST_PATHS ? NULL : PyTuple_GET_ITEM(it, 0);
    if (choice == NULL || !Py_IS_TYPE(choice, layout.choice) ||
        !is_empty(choice, layout.multipath) || !is_empty(choice, layout.winners)) {
        return 0;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        entry->paths[i] = PyTuple_GET_ITEM(it, i + 1);
        if (!is_whole(entry->paths[i])) {
            return 0;
        }
    }
    entry->count = count;
    entry->best = PyLong_AsSsize_t(slot(choice, layout.best));
    return entry->best < count && !PyErr_Occurred();
}

PyObject *
best_path(PyObject *entry, int summed)
{
    if (layout.hop == NULL) {
        return NULL;
    }
    if (Py_IS_TYPE(entry, layout.path)) {
        int usable = is_whole(entry) ? is_usable(entry) : -1;
        return usable < 0 ? NULL : usable ? entry : Py_None;
    }
    PyObject *choice = Py_IS_TYPE(entry, layout.dest) ? PyTuple_GET_ITEM(entry, 0) : NULL;
    if (choice == NULL || !Py_IS_TYPE(choice, layout.choice) ||
        (!summed && slot(choice, layout.summary) != Py_None)) {
        return NULL;
    }
    Py_ssize_t best = PyLong_AsSsize_t(slot(choice, layout.best));
    return best < 0 ? Py_None : PyTuple_GET_ITEM(entry, best + 1);
}

/* --- news ------------------------------------------------------------------------------------- */

/* Twin of bgp.choices.news; what says the same though it is another path is left to that. */
static PyObject *
news(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    PyObject *old = count == 2 ? args[0] : NULL;
    PyObject *best = count != 2 ? NULL : args[1] == Py_None ? Py_None : best_path(args[1], 1);
    if (best != NULL && best == old) {
        Py_RETURN_NONE;
    }
    if (best != NULL && (best == Py_None || old == Py_None)) {
        return PyBool_FromLong(best != Py_None);
    }
    if (best != NULL && Py_IS_TYPE(old, layout.path) && is_whole(old) && is_whole(best) &&
        (slot(old, layout.attrs) != slot(best, layout.attrs) || source_of(old) != source_of(best))) {
        Py_RETURN_TRUE;
    }
    return PyErr_Occurred() ? NULL : pure_twin("news", args, count);
}

PyMethodDef entry_methods[] = {
    {"news", (PyCFunction)(void (*)(void))news, METH_FASTCALL,
     "Whether another path is best than was, or none any more."},
    {NULL, NULL, 0, NULL},
};
