# The two targets: relia::relia is the mathematics, relia::io reads and writes formats.
file(GLOB_RECURSE relia_headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
     ${PROJECT_SOURCE_DIR}/include/relia/*.hpp)
set(relia_io_headers ${relia_headers})
list(FILTER relia_io_headers INCLUDE REGEX "^include/relia/(io/|io\\.hpp)")
list(FILTER relia_headers EXCLUDE REGEX "^include/relia/(io/|io\\.hpp)")

add_library(relia INTERFACE)
add_library(relia::relia ALIAS relia)
target_compile_features(relia INTERFACE cxx_std_20)
target_link_libraries(relia INTERFACE Eigen3::Eigen Boost::headers)
target_sources(relia INTERFACE FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include
                                                FILES ${relia_headers})
set_target_properties(relia PROPERTIES VERIFY_INTERFACE_HEADER_SETS ${PROJECT_IS_TOP_LEVEL})

# io needs its parsers only where it is asked for.
if(RELIA_BUILD_COMMAND OR RELIA_BUILD_PYTHON OR RELIA_BUILD_TESTS OR RELIA_INSTALL)
  find_package(nlohmann_json 3.7 CONFIG QUIET)
  find_package(yaml-cpp 0.6 CONFIG QUIET)
  find_package(date CONFIG QUIET)
  find_package(pugixml CONFIG QUIET)
  find_path(PROTOZERO_INCLUDE_DIR protozero/pbf_reader.hpp)
  find_path(CSV_INCLUDE_DIR csv.h)
  find_library(CSV_LIBRARY csv)
  if(nlohmann_json_FOUND AND yaml-cpp_FOUND AND date_FOUND AND pugixml_FOUND
     AND CSV_LIBRARY AND CSV_INCLUDE_DIR AND PROTOZERO_INCLUDE_DIR)
    set(RELIA_HAS_IO ON)
    add_library(relia_io INTERFACE)
    add_library(relia::io ALIAS relia_io)
    set_target_properties(relia_io PROPERTIES EXPORT_NAME io VERIFY_INTERFACE_HEADER_SETS
                                                             ${PROJECT_IS_TOP_LEVEL})
    target_link_libraries(relia_io INTERFACE relia nlohmann_json::nlohmann_json yaml-cpp
                                             date::date-tz pugixml::pugixml csv)
    target_include_directories(relia_io SYSTEM INTERFACE $<BUILD_INTERFACE:${PROTOZERO_INCLUDE_DIR}>)
    target_sources(relia_io INTERFACE FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include
                                                       FILES ${relia_io_headers})
  elseif(RELIA_BUILD_COMMAND OR RELIA_BUILD_PYTHON OR RELIA_BUILD_TESTS)
    message(FATAL_ERROR "relia::io needs nlohmann-json, yaml-cpp, date, pugixml, protozero and libcsv. On Debian and Ubuntu:\n"
                        "  apt-get install nlohmann-json3-dev libyaml-cpp-dev"
                        " libhowardhinnant-date-dev libpugixml-dev libprotozero-dev libcsv-dev")
  endif()
endif()
