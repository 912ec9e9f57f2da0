/* Tables: twins of the loops of bgp.rib.loops that enter, remove and choose. */
#include "choose.h"
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
    struct shards shards;
    struct chooser chooser;    /* open if it has rules */
    PyObject *rules;           /* borrowed; NULL where Python chooses always */
    PyObject *steps;           /* old entry -> step */
    PyObject *lost;            /* path -> number of keys */
    PyObject *changed;         /* borrowed */
    PyObject *step_of;         /* borrowed */
    PyObject *path;            /* borrowed; what comes, or NULL */
    PyObject *source, *path_id; /* borrowed; whose path comes or goes; NULL if Python says that */
    PyObject *last;            /* the path that the keys before lost; borrowed from `lost` */
    Py_ssize_t times, fresh;
};

static int
settle(struct change *change)
{
    int failed = change->times ? count_step(change->lost, change->last, change->times) : 0;
    change->times = 0;
    return failed;
}

/* A key lost a path. */
static int
lose(struct change *change, PyObject *path)
{
    if (path != change->last) {
        /* It stands in the dict from now on, so that it is held. */
        if (settle(change) < 0 || count_step(change->lost, path, 0) < 0) {
            return -1;
        }
        change->last = path;
    }
    change->times++;
    return 0;
}

static int
store_entry(PyObject *shard, PyObject *key, PyObject *entry)
{
    return entry == Py_None ? store_delete(shard, key) : store_set(shard, key, entry);
}

/* What becomes of the entry of a key, as Python says; it is carried out. */
static int
take_step(struct change *change, PyObject *shard, PyObject *key, PyObject *old)
{
    PyObject *step = known_or_made(change->steps, old, change->step_of);
    if (step == NULL) {
        return -1;
    }
    if (!PyTuple_CheckExact(step) || PyTuple_GET_SIZE(step) != 4 ||
        !PyTuple_CheckExact(PyTuple_GET_ITEM(step, 1))) {
        PyErr_SetString(PyExc_TypeError, "a step has four parts");
        return -1;
    }
    PyObject *lost = PyTuple_GET_ITEM(step, 1);
    change->fresh += PyTuple_GET_SIZE(lost) == 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(lost); i++) {
        if (lose(change, PyTuple_GET_ITEM(lost, i)) < 0) {
            return -1;
        }
    }
    if (store_entry(shard, key, PyTuple_GET_ITEM(step, 0)) < 0) {
        return -1;
    }
    if (PyTuple_GET_ITEM(step, 3) == Py_True) {
        return PyDict_SetDefault(change->changed, key, PyTuple_GET_ITEM(step, 2)) ? 0 : -1;
    }
    return 0;
}

/* Put the path that comes into an entry, or take out the one that goes. Gives the one that it loses,
   borrowed; NULL for none. */
static PyObject *
rearrange(const struct change *change, struct entry *entry)
{
    Py_ssize_t place = 0, count = entry->count;
    PyObject **paths = entry->paths;
    while (place < count && !is_path_of(paths[place], change->source, change->path_id)) {
        place++;
    }
    PyObject *lost = place < count ? paths[place] : NULL;
    if (lost != NULL && change->path != NULL) {
        paths[place] = change->path;
    }
    else if (lost != NULL) {
        entry->count--;
        memmove(paths + place, paths + place + 1, (size_t)(count - place - 1) * sizeof *paths);
    }
    else if (change->path != NULL) {
        entry->count++;
        memmove(paths + 1, paths, (size_t)count * sizeof *paths);
        paths[0] = change->path;
    }
    return lost;
}

/* The entry that is chosen here, carried out; `best` was the best path before, or NULL. 1 where
   that is done, 0 where Python has to, -1 with an error. */
static int
carry_out(struct change *change, PyObject *shard, PyObject *key, struct entry *entry,
          PyObject *best, PyObject *lost)
{
    PyObject *chosen = lost != NULL && lost == best && change->path != NULL ? change->path : best;
    PyObject *new = entry->count ? choose_entry(&change->chooser, entry, chosen) : Py_NewRef(Py_None);
    if (new == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    PyObject *now = entry->count && entry->best >= 0 ? entry->paths[entry->best] : NULL;
    if (lost != NULL && lost == best && now != NULL && now == change->path &&
        slot(lost, layout.attrs) == slot(now, layout.attrs)) {
        Py_DECREF(new);
        return 0; /* whether it says the same as before is told by Python */
    }
    int failed = 0;
    if (lost == NULL) {
        change->fresh++;
    }
    else {
        failed = lose(change, lost) < 0;
    }
    /* Before the old paths may go. */
    if (!failed && now != best && (best != NULL || change->path != NULL)) {
        failed = PyDict_SetDefault(change->changed, key, best == NULL ? Py_None : best) == NULL;
    }
    failed = failed || store_entry(shard, key, new) < 0;
    Py_DECREF(new);
    return failed ? -1 : 1;
}

/* Begin to choose here; 1, 0 where Python has to, -1 with an error. */
static int
begin_choosing(struct change *change)
{
    if (change->chooser.rules != NULL || change->rules == NULL) {
        return change->rules != NULL;
    }
    if (open_chooser(&change->chooser, change->rules) < 0) {
        return -1;
    }
    if (change->path != NULL && is_whole(change->path)) {
        change->source = source_of(change->path);
        change->path_id = path_id_of(change->path);
    }
    return 1;
}

/* The same without Python, where that can be; as `carry_out`. */
static int
choose_step(struct change *change, PyObject *shard, PyObject *key, PyObject *old)
{
    struct entry entry;
    int begun = begin_choosing(change);
    if (begun <= 0) {
        return begun;
    }
    if (change->source == NULL || !read_entry(old, &entry) || entry.count == MOST_PATHS) {
        return PyErr_Occurred() ? -1 : 0;
    }
    PyObject *best = entry.best < 0 ? NULL : entry.paths[entry.best];
    PyObject *lost = rearrange(change, &entry);
    if (lost == NULL && change->path == NULL) {
        return 1; /* nothing of this source was there */
    }
    return carry_out(change, shard, key, &entry, best, lost);
}

static int
take_key(struct change *change, PyObject *key, int valid)
{
    Py_ssize_t place = place_of(&change->shards, key);
    PyObject *shard = place < 0 ? NULL : dict_at(change->shards.list, place);
    if (shard == NULL) {
        return -1;
    }
    PyObject *old = store_get(shard, key);
    if (old != NULL) {
        int done = choose_step(change, shard, key, old);
        int failed = done ? done < 0 : take_step(change, shard, key, old) < 0;
        Py_DECREF(old);
        return failed ? -1 : 0;
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    if (change->path == NULL) {
        return 0;
    }
    change->fresh++;
    if (store_set(shard, key, change->path) < 0) {
        return -1;
    }
    return !valid || PyDict_SetDefault(change->changed, key, Py_None) ? 0 : -1;
}

/* Go through the keys; what was lost as a new reference. */
static PyObject *
take_keys(struct change *change, PyObject *keys, int valid)
{
    if (!PyDict_CheckExact(change->changed)) {
        PyErr_SetString(PyExc_TypeError, "changes are kept in a dict");
        return NULL;
    }
    change->steps = PyDict_New();
    change->lost = change->steps == NULL ? NULL : PyDict_New();
    PyObject *fast = change->lost == NULL ? NULL : PySequence_Fast(keys, "keys are a sequence");
    int failed = fast == NULL;
    for (Py_ssize_t i = 0; !failed && i < PySequence_Fast_GET_SIZE(fast); i++) {
        failed = take_key(change, PySequence_Fast_GET_ITEM(fast, i), valid) < 0;
    }
    failed = failed || settle(change) < 0;
    Py_XDECREF(fast);
    Py_XDECREF(change->steps);
    if (failed) {
        Py_CLEAR(change->lost);
    }
    return change->lost;
}

/* All but the path, and whose it is. */
static int
begin_change(struct change *change, PyObject *list, PyObject *shift, PyObject *changed,
             PyObject *step_of, PyObject *rules)
{
    change->chooser.rules = NULL;
    change->rules = rules == Py_None ? NULL : rules;
    change->changed = changed;
    change->step_of = step_of;
    change->path = change->source = change->path_id = change->last = NULL;
    change->times = change->fresh = 0;
    return open_shards(&change->shards, list, shift);
}

static PyObject *
enter(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    struct change change;
    if (wants("enter", count, 8) < 0 ||
        begin_change(&change, args[2], args[3], args[4], args[6], args[7]) < 0) {
        return NULL;
    }
    change.path = args[1];
    int valid = PyObject_IsTrue(args[5]);
    PyObject *lost = valid < 0 ? NULL : take_keys(&change, args[0], valid);
    return lost == NULL ? NULL : Py_BuildValue("nN", change.fresh, lost);
}

static PyObject *
leave(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    struct change change;
    if (wants("leave", count, 8) < 0 ||
        begin_change(&change, args[1], args[2], args[3], args[4], args[5]) < 0) {
        return NULL;
    }
    change.source = args[6] == Py_None ? NULL : args[6];
    change.path_id = args[7];
    return take_keys(&change, args[0], 0);
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
