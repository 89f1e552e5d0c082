// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Formats in, formats out: the only place that knows JSON, YAML, CSV or a vendor's field names.
/// Target relia::io.

#include <relia/io/answer.hpp>
#include <relia/io/csv.hpp>
#include <relia/io/data.hpp>
#include <relia/io/error.hpp>
#include <relia/io/load_test.hpp>
#include <relia/io/notation.hpp>
#include <relia/io/otlp.hpp>
#include <relia/io/otlp_json.hpp>
#include <relia/io/prometheus.hpp>
#include <relia/io/prometheus_histogram.hpp>
#include <relia/io/prometheus_histogram_json.hpp>
#include <relia/io/prometheus_rules.hpp>
#include <relia/io/quantity.hpp>
#include <relia/io/report_github.hpp>
#include <relia/io/report_json.hpp>
#include <relia/io/report_junit.hpp>
#include <relia/io/report_markdown.hpp>
#include <relia/io/report_text.hpp>
#include <relia/io/rules.hpp>
#include <relia/io/slo_report.hpp>
#include <relia/io/slo_spec.hpp>
#include <relia/io/slo_tiers.hpp>
#include <relia/io/time.hpp>
#include <relia/io/wire.hpp>
#include <relia/io/yaml.hpp>
