/* The rows of a shard: in the order in which their keys came, found by the hashes of these. */
#include "rows.h"

static uint64_t seed;

void
seed_rows(uint64_t number)
{
    seed = number;
}

/* Who sends prefixes cannot know which of them fall together. */
static inline uint32_t
hash_of(uint64_t key)
{
    uint64_t mixed = (key ^ seed) * 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 32) * (seed | 1);
    return (uint32_t)(mixed >> 32);
}

/* Numbers of rows take two bytes each while that is enough. */
static inline int
is_wide(const Shard *shard)
{
    return shard->mask >= 1u << 17;
}

static inline uint32_t
number_at(const Shard *shard, uint32_t place)
{
    return is_wide(shard) ? ((uint32_t *)shard->places)[place]
                          : ((uint16_t *)shard->places)[place];
}

Row *
find_row(const Shard *shard, uint64_t key)
{
    if (shard->room == 0) {
        return NULL;
    }
    for (uint32_t place = hash_of(key) & shard->mask;; place = (place + 1) & shard->mask) {
        uint32_t number = number_at(shard, place);
        if (number == 0) {
            return NULL;
        }
        Row *row = row_at(shard, number - 1);
        if ((row->head & KEY_MASK) == key) {
            return row;
        }
    }
}

static void
enlist(Shard *shard, uint32_t number)
{
    uint32_t place = hash_of(row_at(shard, number)->head & KEY_MASK) & shard->mask;
    while (number_at(shard, place) != 0) {
        place = (place + 1) & shard->mask;
    }
    if (is_wide(shard)) {
        ((uint32_t *)shard->places)[place] = number + 1;
    }
    else {
        ((uint16_t *)shard->places)[place] = (uint16_t)(number + 1);
    }
}

/* --- room ------------------------------------------------------------------------------------- */

/* The least mask with twice as many places as rows, so that a search is short. */
static uint32_t
mask_for(uint32_t room)
{
    uint32_t mask = 15;
    while (mask < 2 * room) {
        mask = 2 * mask + 1;
    }
    return mask;
}

static int
make_places(Shard *shard, uint32_t mask)
{
    size_t size = mask >= 1u << 17 ? sizeof(uint32_t) : sizeof(uint16_t);
    void *places = PyMem_Calloc((size_t)mask + 1, size);
    if (places == NULL) {
        return -1;
    }
    PyMem_Free(shard->places);
    shard->places = places;
    shard->mask = mask;
    return 0;
}

/* Rows that are gone leave their room to the others. */
static void
close_up(Shard *shard)
{
    uint32_t kept = 0;
    for (uint32_t number = 0; number < shard->used; number++) {
        if (row_at(shard, number)->head != GONE) {
            if (kept != number) {
                memcpy(row_at(shard, kept), row_at(shard, number), shard->stride);
            }
            kept++;
        }
    }
    shard->used = kept;
}

/* Give the rows this much room, at least as much as they need. */
static int
resize(Shard *shard, uint32_t room)
{
    int moved = shard->used != shard->live;
    uint32_t mask = mask_for(room);
    if (mask != shard->mask || shard->places == NULL) {
        if (make_places(shard, mask) < 0) {
            PyErr_NoMemory();
            return -1;
        }
        moved = 1;
    }
    else if (moved) {
        memset(shard->places, 0, ((size_t)mask + 1) * (is_wide(shard) ? 4 : 2));
    }
    close_up(shard);
    char *rows = PyMem_Realloc(shard->rows, (size_t)room * shard->stride);
    if (rows != NULL) {
        shard->rows = rows;
    }
    if (rows != NULL || room < shard->room) {
        shard->room = room;
    }
    for (uint32_t number = 0; moved && number < shard->used; number++) {
        enlist(shard, number);
    }
    if (rows == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

void
free_rows(Shard *shard)
{
    PyMem_Free(shard->rows);
    PyMem_Free(shard->places);
    shard->rows = NULL;
    shard->places = NULL;
    shard->room = shard->used = shard->live = shard->mask = 0;
}

int
append_row(Shard *shard, const Row *row)
{
    if (shard->used == shard->room) {
        if (shard->live > (UINT32_MAX >> 3)) {
            PyErr_NoMemory();
            return -1;
        }
        if (resize(shard, shard->live + shard->live / 4 + 6) < 0) {
            return -1;
        }
    }
    memcpy(row_at(shard, shard->used), row, shard->stride);
    enlist(shard, shard->used++);
    shard->live++;
    return 0;
}

void
drop_row(Shard *shard, Row *row)
{
    row->head = GONE;
    if (--shard->live == 0) {
        free_rows(shard);
    }
    else if (shard->used > 64 && shard->live < shard->used / 4 &&
             resize(shard, shard->live + shard->live / 4 + 6) < 0) {
        PyErr_Clear(); /* then it stays as large as it is */
    }
}

size_t
shard_memory(const Shard *shard)
{
    size_t choices = shard->stride == sizeof(Row) ? CHOICES : 0;
    size_t own = sizeof *shard + choices * sizeof(struct choice_use);
    size_t places = shard->places == NULL ? 0 : (size_t)shard->mask + 1;
    return own + (size_t)shard->room * shard->stride + places * (is_wide(shard) ? 4 : 2);
}
