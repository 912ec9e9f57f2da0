/* Sets of attributes: what their reader, their values and their writer share. */
#ifndef BGP_ATTRIBUTES_H
#define BGP_ATTRIBUTES_H

#include "speed.h"

/* Places of the values, in the order of bgp.attrset.FIELDS. */
enum {
    ORIGIN, AS_PATH, NEXT_HOP, MED, LOCAL_PREF, ATOMIC, AGGREGATOR, COMMUNITIES, ORIGINATOR_ID,
    CLUSTER_LIST, EXTENDED, LARGE, OTC, UNKNOWN, EXTRAS, PLACES,
};
#define BIT(place) (1u << (place))

typedef struct Received Received;

/* bgp.attrset.Values: 64 bytes. */
typedef struct {
    PyObject_HEAD
    PyObject *source;  /* bytes that came, or a tuple of all values */
    PyObject *nexthop; /* an Address or None */
    Received *known;   /* the table that finds it by its bytes, or NULL */
    PyObject *weakrefs;
    uint32_t med, local_pref;
    uint32_t hop;     /* the next hop that was cut out of the bytes; 0 where none was */
    uint16_t present; /* a bit for each place whose attribute is in the bytes */
    uint8_t origin;
} Values;

/* One attribute of a field of them. */
typedef struct {
    const unsigned char *value, *end;
    unsigned flags, code;
} Attribute;

LOCAL extern PyTypeObject Values_type;
LOCAL extern PyTypeObject Received_type;

/* Cuts the next attribute off; 0 where it does not fit. */
static inline int
next_attribute(const unsigned char **at, const unsigned char *end, Attribute *one)
{
    const unsigned char *head = *at;
    Py_ssize_t length;
    if (end - head < 3) {
        return 0;
    }
    one->flags = head[0];
    one->code = head[1];
    if (head[0] & 0x10) {
        if (end - head < 4) {
            return 0;
        }
        length = head[2] << 8 | head[3];
        one->value = head + 4;
    }
    else {
        length = head[2];
        one->value = head + 3;
    }
    if (length > end - one->value) {
        return 0;
    }
    one->end = one->value + length;
    *at = one->end;
    return 1;
}

static inline Py_ssize_t
size_of(const Attribute *one)
{
    return one->end - one->value;
}

/* values.c: the place of a type's value; UNKNOWN without a row, PLACES if it has no value here. */
LOCAL unsigned place_of(unsigned code);
/* Takes over `source`; steals no reference. Fills what is read from the bytes. */
LOCAL PyObject *new_values(PyTypeObject *type, PyObject *source, PyObject *nexthop);
/* plain.c: whether the bytes are without fault, and complete, by RFC 4271 and RFC 7606; `hop` is set
   if there is a NEXT_HOP. False also for what the reader does better: unknown attributes, MP ones.
   `nlri`: prefixes follow; `internal`: of the own AS; `foreign`: from outside the confederation. */
LOCAL int is_plain(PyObject *raw, int foreign, int internal, int nlri, uint32_t *hop);
/* received.c */
LOCAL void forget(Values *self);

#endif
