using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>Containers: image, ports, environment, mounts, resources.</summary>
internal static class ContainerRules
{
    private static readonly string[] StandardResources = ["cpu", "memory", "ephemeral-storage"];

    public static IEnumerable<FieldIssue> Check(Field spec) => PodRules.Containers(spec).SelectMany(container =>
        container["image"].Checked(image => image != image.Trim() ? "must not have leading or trailing whitespace" : null)
            .Concat(Ports(container["ports"].Items.ToArray(), isOnHost: spec["hostNetwork"].Node?.ToJsonString() == "true"))
            .Concat(container["env"].Items.SelectMany(Variable))
            .Concat(container["envFrom"].Items.SelectMany(source => source["prefix"].Checked(prefix => prefix.Length == 0 ? null : Refused(prefix)).Concat(Discouraged(source["prefix"]))))
            .Concat(Mounts(container["volumeMounts"].Items.ToArray()))
            .Concat(Resources(container["resources"]))
            .Concat(container["securityContext"]["runAsUser"].Within(0, int.MaxValue)).Concat(container["securityContext"]["runAsGroup"].Within(0, int.MaxValue)));

    private static IEnumerable<FieldIssue> Ports(Field[] ports, bool isOnHost) =>
        ports.SelectMany(port => port["containerPort"].Within(1, 65535).Concat(port["hostPort"].Within(0, 65535)).Concat(port["name"].Checked(name => name.Length == 0 ? null : NameRules.CheckPort(name))))
            .Concat(Field.Repeated(ports.Select(port => port["name"])))
            .Concat(ports.Where(port => isOnHost && port["hostPort"].Number is { } number and not 0 && number != port["containerPort"].Number && port["containerPort"].Number is not null)
                .Select(port => port["hostPort"].Wrong("it must be the same as containerPort when hostNetwork is true")));

    private static IEnumerable<FieldIssue> Variable(Field variable)
    {
        var (value, source) = (variable["value"], variable["valueFrom"]);
        return variable["name"].Checked(Refused).Concat(Discouraged(variable["name"]))
            .Concat(!source.IsSet ? [] : value.IsSet && value.Text != "" ? [source.Wrong("it may not be specified together with a value")]
                : source.Entries.Count(entry => entry.Value.IsSet) != 1 && source.Node is System.Text.Json.Nodes.JsonObject ? [source.Wrong("it must have exactly one source")] : []);
    }

    private static string? Refused(string name) =>
        name.Length == 0 ? "it must not be empty" : name.All(character => character is >= ' ' and <= '~' and not '=') ? null : "a valid environment variable name must consist of printable ASCII characters other than '='";

    // What Kubernetes 1.32 began to take.
    private static IEnumerable<FieldIssue> Discouraged(Field name) => name.Checked(
        text => text.Length == 0 || Refused(text) is not null || (!char.IsAsciiDigit(text[0]) && text is not ("." or "..") && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
            ? null
            : "before Kubernetes 1.32 the name of an environment variable must consist of letters, digits, '_', '-' and '.', and must not begin with a digit",
        FindingSeverity.Warning);

    private static IEnumerable<FieldIssue> Mounts(Field[] mounts) => Field.Repeated(mounts.Select(mount => mount["mountPath"]))
        .Concat(mounts.SelectMany(mount => mount["subPath"].Checked(path => path.StartsWith('/') ? "must be a relative path" : path.Split('/').Contains("..") ? "must not contain '..'" : null)));

    private static IEnumerable<FieldIssue> Resources(Field resources) => ((Field[])[resources["limits"], resources["requests"]]).SelectMany(list => list.Entries).SelectMany(entry =>
        Name(entry.Key) is { } problem ? [entry.Value.Wrong(problem)] : Amount(entry.Value) < 0 ? [entry.Value.Wrong("it must not be negative")] : (IEnumerable<FieldIssue>)[])
        .Concat(resources["requests"].Entries.Where(entry => Amount(entry.Value) > Amount(resources["limits"][entry.Key]))
            .Select(entry => entry.Value.Wrong($"it asks for {Scalars.Text(entry.Value.Node)}, more than the limit of {Scalars.Text(resources["limits"][entry.Key].Node)}")));

    private static double? Amount(Field amount) => Quantity.ParseStrict(Scalars.Text(amount.Node));

    private static string? Name(string resource) =>
        resource.Contains('/', StringComparison.Ordinal) ? NameRules.CheckQualified(resource)
        : StandardResources.Contains(resource, StringComparer.Ordinal) || resource.StartsWith("hugepages-", StringComparison.Ordinal) ? null
        : $"'{resource}' is none of {string.Join(", ", StandardResources)}, and has no domain in front";
}
