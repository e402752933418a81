// The owner of the precompiled standard headers (compile.cmake).
