# Libraries to be timed beside. prometheus-cpp is a Debian package; the others are built from clones
# in RELIA_BENCH_PEERS, each under the name used here. What is absent is reported, here and in the
# benchmark's output.
set(RELIA_BENCH_PEERS "" CACHE PATH "Directory with clones of the libraries to compare with")
find_package(prometheus-cpp QUIET CONFIG)
find_package(ZLIB QUIET)
set(peers "")

# peer(NAME FILE adapter.cpp): compiles the adapter where FILE exists in the clone. The sources it
# needs are not ours: no warnings of theirs.
function(peer name file adapter)
  set(root ${RELIA_BENCH_PEERS}/${name})
  if(NOT RELIA_BENCH_PEERS OR NOT EXISTS ${root}/${file})
    message(STATUS "peer ${name}: absent (no ${file} in RELIA_BENCH_PEERS/${name})")
    set(peers ${peers} "${name} absent" PARENT_SCOPE)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 3 arg "" "" "INCLUDE;SOURCES;LINK")
  list(TRANSFORM arg_INCLUDE PREPEND ${root}/)
  list(TRANSFORM arg_SOURCES PREPEND ${root}/)
  set(version unknown)
  execute_process(COMMAND git -C ${root} describe --tags --always OUTPUT_VARIABLE version
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  message(STATUS "peer ${name}: ${version}")
  set(peers ${peers} "${name} ${version}" PARENT_SCOPE)
  # An object library with our adapter: a static one would lose its self-registered rows.
  add_library(relia_peer_${name} OBJECT ${CMAKE_CURRENT_SOURCE_DIR}/aggregate/peers/${adapter})
  target_include_directories(relia_peer_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_include_directories(relia_peer_${name} SYSTEM PRIVATE ${arg_INCLUDE})
  target_link_libraries(relia_peer_${name} PRIVATE relia relia_warnings benchmark::benchmark)
  target_link_libraries(relia_bench_aggregate PRIVATE relia_peer_${name})
  if(arg_SOURCES)
    add_library(relia_peer_${name}_sources STATIC ${arg_SOURCES})
    target_include_directories(relia_peer_${name}_sources PRIVATE ${arg_INCLUDE})
    target_compile_options(relia_peer_${name}_sources PRIVATE -w)
    target_link_libraries(relia_peer_${name}_sources PRIVATE ${arg_LINK})
    target_link_libraries(relia_bench_aggregate PRIVATE relia_peer_${name}_sources)
  endif()
endfunction()

enable_language(C)  # three of them are
if(ZLIB_FOUND)
  peer(HdrHistogram_c include/hdr/hdr_histogram.h hdr_histogram.cpp INCLUDE include src LINK ZLIB::ZLIB
       SOURCES src/hdr_histogram.c src/hdr_histogram_log.c src/hdr_encoding.c src/hdr_time.c)
  if(TARGET relia_peer_HdrHistogram_c)  # integer_histogram.bench.cpp calls it too
    target_include_directories(relia_bench_aggregate SYSTEM PRIVATE ${RELIA_BENCH_PEERS}/HdrHistogram_c/include)
    target_compile_definitions(relia_bench_aggregate PRIVATE RELIA_BENCH_HDR_HISTOGRAM)
  endif()
else()
  message(STATUS "peer HdrHistogram_c: absent (it needs zlib)")
  list(APPEND peers "HdrHistogram_c absent")
endif()
peer(datasketches-cpp kll/include/kll_sketch.hpp kll.cpp INCLUDE kll/include common/include)
peer(sketches-cpp include/ddsketch/ddsketch.h ddsketch.cpp INCLUDE include)
peer(opentelemetry-cpp sdk/src/metrics/aggregation/base2_exponential_histogram_indexer.cc opentelemetry.cpp
     INCLUDE api/include sdk/include sdk
     SOURCES sdk/src/metrics/aggregation/base2_exponential_histogram_aggregation.cc
             sdk/src/metrics/aggregation/base2_exponential_histogram_indexer.cc
             sdk/src/metrics/data/circular_buffer.cc sdk/src/common/global_log_handler.cc)
peer(libcircllhist src/circllhist.h circllhist.cpp INCLUDE src SOURCES src/circllhist.c)
peer(t-digest-c src/tdigest.h t_digest.cpp INCLUDE src SOURCES src/tdigest.c)

if(prometheus-cpp_FOUND)
  target_sources(relia_bench_aggregate PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/aggregate/peers/prometheus.cpp)
  target_link_libraries(relia_bench_aggregate PRIVATE prometheus-cpp::core)
  target_compile_definitions(relia_bench_aggregate PRIVATE RELIA_BENCH_PROMETHEUS_CPP)
  message(STATUS "peer prometheus-cpp: found")
  list(APPEND peers "prometheus-cpp of the system")
else()
  message(STATUS "peer prometheus-cpp: absent (apt-get install prometheus-cpp-dev)")
  list(APPEND peers "prometheus-cpp absent")
endif()
list(JOIN peers ", " peers)
target_compile_definitions(relia_bench_aggregate PRIVATE "RELIA_BENCH_PEERS_FOUND=\"${peers}\"")
