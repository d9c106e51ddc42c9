using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>What the applications of a repository have in common, which a new one then has too.</summary>
internal sealed class Neighbourhood
{
    private static readonly string[] Variables = ["TZ", "PUID", "PGID"];

    public Neighbourhood(RepositoryLayout layout)
    {
        var ingresses = layout.Index.Objects.Where(item => item.Kind == "Ingress").Select(item => layout.NodeOf(item).Find("spec")).OfType<YamlNode>().ToList();
        IngressClass = MostFrequent(ingresses.Select(spec => spec.Find("ingressClassName")?.Text));
        Domain = MostFrequent(ingresses.SelectMany(spec => spec.Find("rules")?.Items ?? []).Select(rule => DomainOf(rule.Find("host")?.Text)));
        var environment = layout.Applications.SelectMany(item => EnvironmentOf(layout.NodeOf(item))).ToLookup(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        Environment = Variables.Select(name => (name, MostFrequent(environment[name]))).Where(pair => pair.Item2 is not null).ToDictionary(pair => pair.name, pair => pair.Item2!, StringComparer.Ordinal);
    }

    /// <summary>The class of most Ingresses; null when there is none.</summary>
    public string? IngressClass { get; }

    /// <summary>The domain of most of their hosts; null when there is none.</summary>
    public string? Domain { get; }

    /// <summary>Time zone and the ids of user and group, where they are set.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>What comes most often, and of several the first by name; null of nothing.</summary>
    public static string? MostFrequent(IEnumerable<string?> values) =>
        values.OfType<string>().CountBy(value => value, StringComparer.Ordinal).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).FirstOrDefault().Key;

    private static string? DomainOf(string? host) => host?.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && !host.Contains("${", StringComparison.Ordinal) ? host[(dot + 1)..] : null;

    private static IEnumerable<(string Name, string? Value)> EnvironmentOf(YamlNode workload) =>
        (workload.Find("spec")?.Find("template")?.Find("spec")?.Find("containers")?.Items ?? [])
            .SelectMany(container => container.Find("env")?.Items ?? [])
            .Select(variable => (variable.Find("name")?.Text ?? "", variable.Find("value")?.Text));
}
