/* What the files of bgp._speed share.

   Every function here has a pure twin of the same name in the Python module that uses it, and the
   same tests run on both. What is unusual or wrong is left to the twin (`pure_twin`), so errors are
   made in one place. Numbers on the wire are in network order. */
#ifndef BGP_SPEED_H
#define BGP_SPEED_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* Linked into one library: nothing but the module's entry is seen from outside. */
#define LOCAL __attribute__((visibility("hidden")))

static inline uint32_t
read_u32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint64_t
read_u64(const unsigned char *at)
{
    return (uint64_t)read_u32(at) << 32 | read_u32(at + 4);
}

/* Bytes that a prefix takes, with its length octet. */
static inline Py_ssize_t
prefix_size(unsigned bits)
{
    return 1 + (bits + 7) / 8;
}

/* module.c: the result of the Python function registered under this name. */
LOCAL PyObject *pure_twin(const char *name, PyObject *const *args, Py_ssize_t count);

/* The Python class registered under this name, borrowed. */
LOCAL PyObject *pure_class(const char *name);

/* module.c: an attribute of a module of ours, kept from its first use; a borrowed reference. */
LOCAL PyObject *ours(PyObject **kept, const char *module, const char *name);

/* plain.c */
LOCAL extern PyMethodDef plain_methods[];

/* nlri.c */
LOCAL extern PyMethodDef nlri_methods[];
LOCAL int prepare_keys(void);

/* messages.c */
LOCAL extern PyMethodDef messages_methods[];

/* retell.c */
LOCAL extern PyMethodDef retell_methods[];

/* values.c */
LOCAL extern PyMethodDef values_methods[];

/* frame.c */
LOCAL extern PyMethodDef frame_methods[];

/* record.c */
LOCAL extern PyMethodDef record_methods[];
LOCAL extern PyTypeObject Maker_type;

/* Where an object of the class has this slot; -1 with an error set. */
LOCAL Py_ssize_t slot_offset(PyTypeObject *type, const char *name);

/* folded.c */
LOCAL extern PyMethodDef folded_methods[];
LOCAL int prepare_folded(void);

/* The one Shared of these values, which are the same for many objects; a new reference. */
LOCAL PyObject *shared_of(PyObject *const *parts, Py_ssize_t count);

/* The place of a value among those that objects of a class share, and how many they share; -1
   without an error. */
LOCAL Py_ssize_t part_index(PyTypeObject *type, const char *name, Py_ssize_t *count);

/* The values that an object shares with others, borrowed; NULL if `shared` is not of `count`. */
LOCAL PyObject *const *shared_parts(PyObject *shared, Py_ssize_t count);

/* Whether it is what objects share, and stays as it is: with others, or found as theirs before. */
LOCAL int is_settled(PyObject *shared);

/* rank.c */
LOCAL extern PyMethodDef rank_methods[];
LOCAL int prepare_ranks(void);

/* entries.c */
LOCAL extern PyMethodDef entry_methods[];

/* table.c */
LOCAL extern PyMethodDef table_methods[];

/* shard.c */
LOCAL extern PyTypeObject Shard_type;

/* count.c */
LOCAL extern PyMethodDef count_methods[];

/* tell.c */
LOCAL extern PyMethodDef tell_methods[];

/* policy.c; `begin_policy` comes before them, and is -1 for an error. */
LOCAL extern PyMethodDef policy_methods[];
LOCAL int begin_policy(void);

/* shows.c */
LOCAL extern PyMethodDef show_methods[];

#endif
