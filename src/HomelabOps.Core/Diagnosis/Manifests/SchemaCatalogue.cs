using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>The kinds whose fields are known: those of CustomResourceDefinitions, and the built-in ones.</summary>
internal sealed class SchemaCatalogue
{
    private static readonly HashSet<string> NamespacedKinds = new(StringComparer.Ordinal)
    {
        "/ConfigMap", "/Secret", "/Service", "/ServiceAccount", "/PersistentVolumeClaim", "/Pod", "/Endpoints", "/LimitRange", "/ResourceQuota", "/ReplicationController",
        "apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet", "batch/Job", "batch/CronJob", "networking.k8s.io/Ingress", "networking.k8s.io/NetworkPolicy",
        "rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/RoleBinding", "policy/PodDisruptionBudget", "autoscaling/HorizontalPodAutoscaler", "coordination.k8s.io/Lease",
        "discovery.k8s.io/EndpointSlice",
    };

    private readonly ILookup<(string Group, string Kind), CustomDefinition> _custom;

    /// <param name="sources">Definitions by where they are from, the one that decides first: only the first source that has a kind counts.</param>
    public SchemaCatalogue(params IEnumerable<IEnumerable<JsonObject>> sources)
    {
        var known = new HashSet<(string, string)>();
        var all = new List<CustomDefinition>();
        foreach (var source in sources)
        {
            var read = source.Select(CustomDefinition.Read).OfType<CustomDefinition>().Where(definition => !known.Contains((definition.Group, definition.Kind))).ToArray();
            known.UnionWith(read.Select(definition => (definition.Group, definition.Kind)));
            all.AddRange(read);
        }

        _custom = all.ToLookup(definition => (definition.Group, definition.Kind));
    }

    /// <summary>The definitions of a custom kind. There are several where a repository serves several clusters.</summary>
    public IEnumerable<CustomDefinition> Definitions(JsonObject item) => _custom[(ObjectText.Group(item), ObjectText.Kind(item))];

    /// <summary>What an object's fields may be; several where several definitions have its version, none where its kind is not known.</summary>
    public IReadOnlyList<Schema> Find(JsonObject item)
    {
        var (group, version) = ResourceId.Split(ObjectText.ApiVersion(item));
        var custom = Definitions(item).Select(definition => definition.Find(version)?.Schema).OfType<Schema>().ToArray();
        return custom.Length > 0 ? custom : ModelSchemas.Find(group, version, ObjectText.Kind(item)) is { } builtIn ? [builtIn] : [];
    }

    /// <summary>Whether a kind lives in namespaces; null where that is not known.</summary>
    public bool? IsNamespaced(JsonObject item)
    {
        var (group, version) = ResourceId.Split(ObjectText.ApiVersion(item));
        var kind = ObjectText.Kind(item);
        return Definitions(item).FirstOrDefault() is { } definition ? definition.IsNamespaced
            : group.EndsWith(".toolkit.fluxcd.io", StringComparison.Ordinal) || NamespacedKinds.Contains($"{group}/{kind}") ? true
            : new ResourceId(group, version, kind, "", "").IsClusterScoped ? false : null;
    }
}
