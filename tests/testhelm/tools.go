//go:build tools

// Package tools pins the command that renders and checks the chart.
package tools

import _ "helm.sh/helm/v3/cmd/helm"
