/* Tables: twins of the loops of bgp.rib.loops that enter, remove and choose. */
#include "shards.h"

static int
count_step(PyObject *counts, PyObject *step, Py_ssize_t more)
{
    PyObject *before = PyDict_GetItemWithError(counts, step);
    if (before == NULL && PyErr_Occurred()) {
        return -1;
    }
    PyObject *number = PyLong_FromSsize_t((before == NULL ? 0 : PyLong_AsSsize_t(before)) + more);
    if (number == NULL) {
        return -1;
    }
    int failed = PyDict_SetItem(counts, step, number);
    Py_DECREF(number);
    return failed;
}

/* What `enter` and `leave` keep while they go through the keys. */
struct change {
    PyObject *steps;   /* old entry -> step */
    PyObject *counts;  /* step -> number of keys */
    PyObject *changed; /* borrowed */
    PyObject *step_of; /* borrowed */
    PyObject *last;    /* the step that the keys before went; borrowed from `steps` */
    Py_ssize_t times;
};

static int
begin_change(struct change *change, PyObject *changed, PyObject *step_of)
{
    change->steps = PyDict_New();
    change->counts = PyDict_New();
    change->changed = changed;
    change->step_of = step_of;
    change->last = NULL;
    change->times = 0;
    if (!PyDict_CheckExact(changed)) {
        PyErr_SetString(PyExc_TypeError, "changes are kept in a dict");
        return -1;
    }
    return change->steps == NULL || change->counts == NULL ? -1 : 0;
}

static int
settle(struct change *change)
{
    int failed = change->times ? count_step(change->counts, change->last, change->times) : 0;
    change->times = 0;
    return failed;
}

/* What becomes of the entry of a key; the step is carried out. */
static int
take_step(struct change *change, PyObject *shard, PyObject *key, PyObject *old)
{
    PyObject *step = known_or_made(change->steps, old, change->step_of);
    if (step == NULL) {
        return -1;
    }
    if (!PyTuple_CheckExact(step) || PyTuple_GET_SIZE(step) != 4) {
        PyErr_SetString(PyExc_TypeError, "a step has four parts");
        return -1;
    }
    if (step != change->last) {
        if (settle(change) < 0) {
            return -1;
        }
        change->last = step;
    }
    change->times++;
    PyObject *entry = PyTuple_GET_ITEM(step, 0);
    int failed = entry == Py_None ? store_delete(shard, key) : store_set(shard, key, entry);
    if (failed < 0) {
        return -1;
    }
    if (PyTuple_GET_ITEM(step, 3) == Py_True) {
        return PyDict_SetDefault(change->changed, key, PyTuple_GET_ITEM(step, 2)) ? 0 : -1;
    }
    return 0;
}

static int
take_key(struct change *change, const struct shards *shards, PyObject *key, PyObject *path,
         int valid, Py_ssize_t *absent)
{
    Py_ssize_t place = place_of(shards, key);
    PyObject *shard = place < 0 ? NULL : dict_at(shards->list, place);
    if (shard == NULL) {
        return -1;
    }
    PyObject *old = store_get(shard, key);
    if (old != NULL) {
        int failed = take_step(change, shard, key, old);
        Py_DECREF(old);
        return failed;
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    ++*absent;
    if (path == NULL) {
        return 0;
    }
    if (store_set(shard, key, path) < 0) {
        return -1;
    }
    return !valid || PyDict_SetDefault(change->changed, key, Py_None) ? 0 : -1;
}

/* Go through the keys; the counts of the steps as a new reference. */
static PyObject *
take_keys(PyObject *keys, const struct shards *shards, PyObject *path, int valid,
          PyObject *changed, PyObject *step_of, Py_ssize_t *absent)
{
    struct change change;
    int failed = begin_change(&change, changed, step_of);
    PyObject *fast = failed ? NULL : PySequence_Fast(keys, "keys are a sequence");
    failed = fast == NULL;
    for (Py_ssize_t i = 0; !failed && i < PySequence_Fast_GET_SIZE(fast); i++) {
        PyObject *key = PySequence_Fast_GET_ITEM(fast, i);
        failed = take_key(&change, shards, key, path, valid, absent) < 0;
    }
    failed = failed || settle(&change) < 0;
    Py_XDECREF(fast);
    Py_XDECREF(change.steps);
    if (failed) {
        Py_CLEAR(change.counts);
    }
    return change.counts;
}

static PyObject *
enter(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    struct shards shards;
    Py_ssize_t absent = 0;
    if (wants("enter", count, 7) < 0 || open_shards(&shards, args[2], args[3]) < 0) {
        return NULL;
    }
    int valid = PyObject_IsTrue(args[5]);
    if (valid < 0) {
        return NULL;
    }
    PyObject *counts = take_keys(args[0], &shards, args[1], valid, args[4], args[6], &absent);
    return counts == NULL ? NULL : Py_BuildValue("nN", absent, counts);
}

static PyObject *
leave(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    struct shards shards;
    Py_ssize_t absent = 0;
    if (wants("leave", count, 5) < 0 || open_shards(&shards, args[1], args[2]) < 0) {
        return NULL;
    }
    return take_keys(args[0], &shards, NULL, 0, args[3], args[4], &absent);
}

/* What an entry is worth to `chosen`: whether its prefix has news, as 1 or 0, or -1 for none. */
static int
ask_news(PyObject *is_news, PyObject *old, PyObject *entry, int *news)
{
    PyObject *arguments[] = {old, entry};
    PyObject *answer = PyObject_Vectorcall(is_news, arguments, 2, NULL);
    if (answer == NULL) {
        return -1;
    }
    *news = answer == Py_None ? -1 : PyObject_IsTrue(answer);
    int failed = *news < 0 && answer != Py_None;
    Py_DECREF(answer);
    return failed ? -1 : 0;
}

/* What `chosen` keeps while it goes through the changes; the last entry and the one before it was
   changed are held, so that their addresses mean nothing else. */
struct choice {
    PyObject *old, *entry;
    int news;
    PyObject *moved, *same;
    Py_ssize_t there;
    long long version;
};

static int
give_version(struct choice *choice, PyObject *versions, Py_ssize_t place, PyObject *key)
{
    PyObject *known = dict_at(versions, place);
    PyObject *number = known == NULL ? NULL : PyLong_FromLongLong(++choice->version);
    if (number == NULL) {
        return -1;
    }
    int failed = store_set(known, key, number);
    Py_DECREF(number);
    choice->there += choice->news;
    return failed < 0 ? -1 : PyList_Append(choice->moved, key);
}

static int
choose_key(struct choice *choice, const struct shards *shards, PyObject *versions,
           PyObject *is_news, PyObject *change)
{
    if (!PyTuple_CheckExact(change) || PyTuple_GET_SIZE(change) != 2) {
        PyErr_SetString(PyExc_TypeError, "a change is a pair");
        return -1;
    }
    PyObject *key = PyTuple_GET_ITEM(change, 0), *old = PyTuple_GET_ITEM(change, 1);
    Py_ssize_t place = place_of(shards, key);
    PyObject *shard = place < 0 ? NULL : dict_at(shards->list, place);
    PyObject *entry = shard == NULL ? NULL : store_get(shard, key);
    if (entry == NULL && PyErr_Occurred()) {
        return -1;
    }
    entry = entry == NULL ? Py_NewRef(Py_None) : entry;
    if (entry != choice->entry || old != choice->old) {
        Py_XSETREF(choice->entry, entry);
        Py_XSETREF(choice->old, Py_NewRef(old));
        if (ask_news(is_news, old, choice->entry, &choice->news) < 0) {
            return -1;
        }
    }
    else {
        Py_DECREF(entry);
    }
    if (choice->news < 0) {
        return PyList_Append(choice->same, key);
    }
    return give_version(choice, versions, place, key);
}

static PyObject *
chosen(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    struct shards shards;
    struct choice choice = {0};
    if (wants("chosen", count, 6) < 0 || open_shards(&shards, args[1], args[2]) < 0) {
        return NULL;
    }
    choice.version = PyLong_AsLongLong(args[4]);
    PyObject *changes = PyErr_Occurred() ? NULL : PySequence_Fast(args[0], "changes are a list");
    choice.moved = PyList_New(0);
    choice.same = PyList_New(0);
    int failed = changes == NULL || choice.moved == NULL || choice.same == NULL;
    for (Py_ssize_t i = 0; !failed && i < PySequence_Fast_GET_SIZE(changes); i++) {
        PyObject *change = PySequence_Fast_GET_ITEM(changes, i);
        failed = choose_key(&choice, &shards, args[3], args[5], change) < 0;
    }
    Py_XDECREF(changes);
    Py_XDECREF(choice.old);
    Py_XDECREF(choice.entry);
    if (failed) {
        Py_XDECREF(choice.moved);
        Py_XDECREF(choice.same);
        return NULL;
    }
    return Py_BuildValue("NNn", choice.moved, choice.same, choice.there);
}

PyMethodDef table_methods[] = {
    {"enter", (PyCFunction)(void (*)(void))enter, METH_FASTCALL,
     "Put a path into a table for some prefixes."},
    {"leave", (PyCFunction)(void (*)(void))leave, METH_FASTCALL,
     "Take paths away from some prefixes."},
    {"chosen", (PyCFunction)(void (*)(void))chosen, METH_FASTCALL,
     "Give prefixes whose best path changed a version each."},
    {NULL, NULL, 0, NULL},
};
