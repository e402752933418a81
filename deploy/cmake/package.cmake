# What is installed where, and the Debian package of it: deploy/package makes one.
include(GNUInstallDirs)

set(packaged noroshi noroshi-keys noroshi-shaper noroshid)
install(TARGETS ${packaged} RUNTIME)
install(DIRECTORY deploy/demo/ DESTINATION ${CMAKE_INSTALL_DATADIR}/noroshi/demo USE_SOURCE_PERMISSIONS)
install(FILES deploy/systemd/noroshid.service DESTINATION lib/systemd/system)
install(FILES deploy/systemd/noroshi.sysusers DESTINATION lib/sysusers.d RENAME noroshi.conf)
install(FILES README.md CHANGELOG.md deploy/debian/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES deploy/systemd/noroshid.toml.example DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples RENAME noroshid.toml)
install(FILES deploy/console.toml.example DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples RENAME console.toml)

# The programs write their manual pages themselves.
foreach(program IN LISTS packaged)
  set(section 1)
  if(program STREQUAL noroshid)
    set(section 8)
  endif()
  foreach(language en ja)
    set(folder man${section})
    if(NOT language STREQUAL en)
      set(folder ${language}/man${section})
    endif()
    set(page ${PROJECT_BINARY_DIR}/man/${folder}/${program}.${section})
    install(CODE "
      file(MAKE_DIRECTORY \"${PROJECT_BINARY_DIR}/man/${folder}\")
      execute_process(COMMAND \"$<TARGET_FILE:${program}>\" --lang ${language} --manual
        OUTPUT_FILE \"${page}\" COMMAND_ERROR_IS_FATAL ANY)
      file(ARCHIVE_CREATE OUTPUT \"${page}.gz\" PATHS \"${page}\" FORMAT raw COMPRESSION GZip)")
    install(FILES ${page}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/${folder})
  endforeach()
endforeach()

# And what a shell completes for them.
foreach(program IN LISTS packaged)
  set(script ${PROJECT_BINARY_DIR}/completion/${program})
  install(CODE "
    file(MAKE_DIRECTORY \"${PROJECT_BINARY_DIR}/completion\")
    execute_process(COMMAND \"$<TARGET_FILE:${program}>\" --completion OUTPUT_FILE \"${script}\"
      COMMAND_ERROR_IS_FATAL ANY)")
  install(FILES ${script} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME noroshi)
set(CPACK_PACKAGE_CONTACT "Noroshi <noroshi@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "situation reports of LP-gas associations over broken networks")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "Standardized, signed, end-to-end encrypted situation reports, stored and forwarded by relays until they arrive: the relay
 (noroshid), the console and command line of field and headquarters (noroshi), keys and roster (noroshi-keys), and a bad
 line for drills (noroshi-shaper). LPガスの被害状況を、署名し封緘して、途切れがちな回線で届くまで運びます。")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION comm)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd | systemd-sysusers")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "python3")  # the demonstration's independent count
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/deploy/debian/postinst
  ${PROJECT_SOURCE_DIR}/deploy/debian/prerm ${PROJECT_SOURCE_DIR}/deploy/debian/postrm)
include(CPack)
