"""The spec's vocabulary: @link, directives by version, field sets, the join spec."""
