/* The rows of a shard, and how they are found. */
#ifndef BGP_SPEED_ROWS_H
#define BGP_SPEED_ROWS_H

#include "store.h"

typedef struct {
    uint64_t head; /* the key; what the row has in the highest bits */
    PyObject *first, *second;
} Row;

enum {
    KEY_BITS = 48,
    /* What a row has: */
    OBJECT = 0,           /* `first`; up to CHOICES: a Dest of two paths and this choice */
    NUMBER = CHOICES + 1, /* a number, where `first` would stand */
};

#define KEY_MASK (((uint64_t)1 << KEY_BITS) - 1)
/* The head of a row that is gone; no key is like it. */
#define GONE UINT64_MAX

static inline Row *
row_at(const Shard *shard, uint32_t number)
{
    return (Row *)(shard->rows + (size_t)number * shard->stride);
}

static inline unsigned
kind_of(uint64_t head)
{
    return (unsigned)(head >> KEY_BITS);
}

/* The keys' hashes are of this number, which nobody outside knows. */
LOCAL void seed_rows(uint64_t seed);

LOCAL Row *find_row(const Shard *shard, uint64_t key);

/* A further row, of a key that is not there; -1 with an error set. */
LOCAL int append_row(Shard *shard, const Row *row);

/* The row is no more; the others may be moved. */
LOCAL void drop_row(Shard *shard, Row *row);

LOCAL void free_rows(Shard *shard);

#endif
