/* Attributes that have no fault and nothing unusual; all others are left to bgp.wire's reader. */
#include "attributes.h"

static int
good_path(const Attribute *one, int foreign)
{
    const unsigned char *at = one->value;
    while (at < one->end) {
        if (one->end - at < 2 || at[0] < 1 || at[0] > (foreign ? 2 : 4) || at[1] == 0 ||
            one->end - at < 2 + 4 * at[1]) {
            return 0;
        }
        for (unsigned i = 0; i < at[1]; i++) {
            if (read_u32(at + 2 + 4 * i) == 0) {
                return 0; /* RFC 7607 */
            }
        }
        at += 2 + 4 * at[1];
    }
    return 1;
}

static int
good_value(const Attribute *one, unsigned place, int foreign)
{
    Py_ssize_t size = size_of(one);
    switch (place) {
    case ORIGIN:
        return size == 1 && one->value[0] <= 2;
    case AS_PATH:
        return good_path(one, foreign);
    case NEXT_HOP:
        return size == 4 && one->value[0] != 0 && one->value[0] != 127 && one->value[0] < 224;
    case MED:
    case OTC:
        return size == 4;
    case LOCAL_PREF:
    case ORIGINATOR_ID:
        return size == 4 && !foreign;
    case ATOMIC:
        return size == 0;
    case AGGREGATOR:
        return size == 8 && read_u32(one->value) != 0;
    case COMMUNITIES:
        return size != 0 && size % 4 == 0;
    case CLUSTER_LIST:
        return size != 0 && size % 4 == 0 && !foreign;
    case EXTENDED:
        return size != 0 && size % 8 == 0;
    case LARGE:
        return size != 0 && size % 12 == 0;
    default:
        return 0;
    }
}

/* The Optional and Transitive bits of each place's attribute. */
static const uint8_t kinds[PLACES] = {
    [ORIGIN] = 0x40,      [AS_PATH] = 0x40,       [NEXT_HOP] = 0x40,     [MED] = 0x80,
    [LOCAL_PREF] = 0x40,  [ATOMIC] = 0x40,        [AGGREGATOR] = 0xc0,   [COMMUNITIES] = 0xc0,
    [ORIGINATOR_ID] = 0x80, [CLUSTER_LIST] = 0x80, [EXTENDED] = 0xc0,    [LARGE] = 0xc0,
    [OTC] = 0xc0,
};

int
is_plain(PyObject *raw, int foreign, int internal, int nlri, uint32_t *hop)
{
    const unsigned char *at = (unsigned char *)PyBytes_AS_STRING(raw);
    const unsigned char *end = at + PyBytes_GET_SIZE(raw);
    unsigned present = 0, needed = BIT(ORIGIN) | BIT(AS_PATH);
    Attribute one;
    while (at < end) {
        if (!next_attribute(&at, end, &one)) {
            return 0;
        }
        unsigned place = place_of(one.code);
        /* Partial and Extended Length may be set on any. */
        if (place >= UNKNOWN || present & BIT(place) || (one.flags & ~0x30u) != kinds[place] ||
            !good_value(&one, place, foreign)) {
            return 0;
        }
        present |= BIT(place);
        if (place == NEXT_HOP) {
            *hop = read_u32(one.value);
        }
    }
    needed |= nlri ? BIT(NEXT_HOP) : 0;
    needed |= internal ? BIT(LOCAL_PREF) : 0;
    return (present & needed) == needed;
}

/* --- MP attributes ---------------------------------------------------------------------------- */

static PyObject *
bytes_of(const Attribute *one)
{
    if (one->value == NULL) {
        Py_RETURN_NONE;
    }
    return PyBytes_FromStringAndSize((const char *)one->value, size_of(one));
}

static PyObject *
cut_multiprotocol(PyObject *Py_UNUSED(module), PyObject *raw)
{
    if (!PyBytes_CheckExact(raw)) {
        return pure_twin("cut_multiprotocol", &raw, 1);
    }
    const unsigned char *at = (unsigned char *)PyBytes_AS_STRING(raw), *start = at;
    const unsigned char *end = at + PyBytes_GET_SIZE(raw);
    Attribute reach = {0}, unreach = {0}, one;
    PyObject *kept = PyBytes_FromStringAndSize(NULL, end - at);
    if (kept == NULL) {
        return NULL;
    }
    char *out = PyBytes_AS_STRING(kept);
    for (; at < end && next_attribute(&at, end, &one); start = at) {
        Attribute *found = one.code == 14 ? &reach : &unreach;
        if (one.code != 14 && one.code != 15) {
            memcpy(out, start, (size_t)(at - start));
            out += at - start;
        }
        else if (found->value != NULL || (one.flags & 0xc0) != 0x80) {
            Py_DECREF(kept);
            Py_RETURN_NONE;
        }
        else {
            *found = one;
        }
    }
    if (at != end || (reach.value == NULL && unreach.value == NULL)) {
        Py_DECREF(kept);
        Py_RETURN_NONE;
    }
    if (_PyBytes_Resize(&kept, out - PyBytes_AS_STRING(kept)) < 0) {
        return NULL;
    }
    return Py_BuildValue("NNN", kept, bytes_of(&reach), bytes_of(&unreach));
}

PyMethodDef plain_methods[] = {
    {"cut_multiprotocol", cut_multiprotocol, METH_O, "MP attributes apart from the others."},
    {NULL, NULL, 0, NULL},
};
