"""Any bytes for every decoder: nothing but its declared error escapes, and twins agree.

`targets` has a function for each decoder (or group of them); it takes bytes, and raises where a
promise is broken. `seeds` makes the first bytes to try from messages that are right. `corpus` keeps
what was found to reach more of the code, a file of hexadecimal lines for each target; `make test`
tries all of that again, and changes it a little (`test_corpus`). `make fuzz` looks for more with
Atheris, which follows what the bytes reach; `make fuzz-asan` tries what is kept on `bgp._speed`
built with the address and undefined behaviour sanitizers.
"""
