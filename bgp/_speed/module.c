/* The module itself: its functions, and the way back to their pure twins. */
#include "attributes.h"

static PyObject *twins; /* name -> Python function; filled by bgp.compiled */

PyObject *
pure_class(const char *name)
{
    PyObject *found = PyDict_GetItemString(twins, name);
    if (found == NULL) {
        PyErr_Format(PyExc_RuntimeError, "%s has no pure twin", name);
    }
    return found;
}

PyObject *
pure_twin(const char *name, PyObject *const *args, Py_ssize_t count)
{
    PyObject *function = pure_class(name);
    return function == NULL ? NULL : PyObject_Vectorcall(function, args, (size_t)count, NULL);
}

PyObject *
ours(PyObject **kept, const char *module, const char *name)
{
    if (*kept == NULL) {
        PyObject *found = PyImport_ImportModule(module);
        if (found != NULL) {
            *kept = PyObject_GetAttrString(found, name);
            Py_DECREF(found);
        }
    }
    return *kept;
}

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "bgp._speed",
    .m_doc = "Compiled twins of the loops that run once for each prefix or UPDATE.",
    .m_size = -1,
};

PyMODINIT_FUNC
PyInit__speed(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL) {
        return NULL;
    }
    twins = PyDict_New();
    if (twins == NULL || PyModule_AddObjectRef(module, "twins", twins) < 0 ||
        PyModule_AddFunctions(module, nlri_methods) < 0 || prepare_keys() < 0 ||
        PyModule_AddFunctions(module, messages_methods) < 0 ||
        PyModule_AddFunctions(module, plain_methods) < 0 ||
        PyModule_AddFunctions(module, retell_methods) < 0 ||
        PyModule_AddFunctions(module, values_methods) < 0 ||
        PyModule_AddType(module, &Values_type) < 0 ||
        PyModule_AddType(module, &Received_type) < 0 ||
        PyModule_AddFunctions(module, frame_methods) < 0 ||
        PyModule_AddFunctions(module, folded_methods) < 0 || prepare_folded() < 0 ||
        PyModule_AddFunctions(module, record_methods) < 0 || PyType_Ready(&Maker_type) < 0 ||
        PyModule_AddFunctions(module, rank_methods) < 0 || prepare_ranks() < 0 ||
        PyModule_AddFunctions(module, entry_methods) < 0 ||
        PyModule_AddFunctions(module, table_methods) < 0 ||
        PyModule_AddType(module, &Shard_type) < 0 ||
        PyModule_AddFunctions(module, count_methods) < 0 ||
        PyModule_AddFunctions(module, tell_methods) < 0 || begin_policy() < 0 ||
        PyModule_AddFunctions(module, policy_methods) < 0 ||
        PyModule_AddFunctions(module, show_methods) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
