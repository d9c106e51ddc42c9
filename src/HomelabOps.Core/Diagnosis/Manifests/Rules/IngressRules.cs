using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>Ingresses: hosts, paths and what they lead to.</summary>
internal static class IngressRules
{
    private static readonly string[] Sequences = ["//", "/./", "/../", "%2f", "%2F"];

    public static IEnumerable<FieldIssue> Check(JsonObject item)
    {
        if (!ObjectText.Is(item, "networking.k8s.io", "Ingress"))
        {
            return [];
        }

        var spec = new Field(item)["spec"];
        var paths = spec.Find("rules.*.http.paths.*").ToArray();
        return spec.Find("rules.*.host").SelectMany(host => host.Checked(Host)).Concat(spec.Find("tls.*.hosts.*").SelectMany(host => host.Checked(Name)))
            .Concat(paths.SelectMany(Path))
            .Concat(paths.Select(path => path["backend"]).Append(spec["defaultBackend"]).SelectMany(Backend))
            .Concat(!spec["rules"].IsSet && !spec["defaultBackend"].IsSet ? [spec["rules"].Missing()] : []);
    }

    private static string? Host(string host) => AddressRules.Parse(host) is null ? Name(host) : "must be a DNS name, not an IP address";

    private static string? Name(string host) => host.Length == 0 ? null : NameRules.CheckSubdomain(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host);

    private static IEnumerable<FieldIssue> Path(Field path)
    {
        var (type, text) = (path["pathType"].Text, path["path"]);
        return type switch
        {
            "ImplementationSpecific" => text.Checked(value => value.Length == 0 || value[0] == '/' ? null : "must be an absolute path"),
            "Exact" or "Prefix" when text.IsSet => text.Checked(value => value.Length == 0 || value[0] != '/' ? "must be an absolute path"
                : Array.Find(Sequences, part => value.Contains(part, StringComparison.Ordinal)) is { } part ? $"must not contain '{part}'"
                : value.EndsWith("/..", StringComparison.Ordinal) || value.EndsWith("/.", StringComparison.Ordinal) ? "cannot end with '/..' or '/.'"
                : null),
            "Exact" or "Prefix" => [text.Missing()],
            _ => [],
        };
    }

    private static IEnumerable<FieldIssue> Backend(Field backend)
    {
        var port = backend["service"]["port"];
        return backend["service"]["name"].Checked(name => NameRules.Check("", "Service", name)).Concat(port["number"].Within(1, 65535)).Concat(port["name"].Checked(name => name.Length == 0 ? null : NameRules.CheckPort(name)))
            .Concat(port["name"].IsSet && port["number"].IsSet ? [port["name"].Wrong("a port has a name or a number, not both")] : [])
            .Concat(backend["service"].IsSet && !port["name"].IsSet && !port["number"].IsSet ? [port.Missing()] : []);
    }
}
