using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>Durations in the kinds of Flux, also where their definitions are not at hand.</summary>
internal static partial class FluxRules
{
    private static readonly string[] Names = ["interval", "timeout", "retryInterval", "install.timeout", "upgrade.timeout", "rollback.timeout", "uninstall.timeout", "test.timeout", "chart.spec.interval"];

    public static IEnumerable<FieldIssue> Check(JsonObject item) => ObjectText.Group(item).EndsWith(".toolkit.fluxcd.io", StringComparison.Ordinal)
        ? Names.SelectMany(new Field(item)["spec"].Find).SelectMany(field => field.Number is not null ? [field.Wrong("it must be text such as 10m")] : field.Checked(text => Duration().IsMatch(text) ? null : "must be a duration such as 1h30m, of h, m, s and ms"))
        : [];

    [GeneratedRegex(@"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Duration();
}
