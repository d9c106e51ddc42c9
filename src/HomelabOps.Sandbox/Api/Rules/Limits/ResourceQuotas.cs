using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Api.Rules.Limits;

/// <summary>Refuses new objects, and changes that take more, for which a quota of their namespace has nothing left.</summary>
internal sealed class ResourceQuotas(ApiContext context)
{
    private readonly Collection _quotas = context.Collection("v1", "ResourceQuota");
    private readonly Lock _lock = new();

    // Of what changes only these can take more than before.
    private static readonly string[] Growing = ["persistentvolumeclaims", "pods", "services"];

    /// <summary>Writes an object if the quotas let it; of two that come at once, the second sees the first.</summary>
    public T Admit<T>(ResourceKind kind, JsonObject node, JsonObject? before, Func<T> write)
    {
        var metadata = MetadataRules.Of(node);
        var @namespace = MetadataRules.Text(metadata, "namespace");
        if (!kind.Namespaced || _quotas.Count == 0 || (before is not null && (kind.Group.Length > 0 || !Growing.Contains(kind.Resource, StringComparer.Ordinal))) || _quotas.Read(@namespace).Objects is not { Length: > 0 } quotas)
        {
            return write();
        }

        lock (_lock)
        {
            foreach (var quota in quotas)
            {
                Check(quota.ToNode(), kind, node, before, MetadataRules.Text(metadata, "name"));
            }

            return write();
        }
    }

    /// <summary>What is used of what a quota allows.</summary>
    public Dictionary<string, Amount> Used(JsonObject quota)
    {
        var hard = (At(quota, "spec.hard") as JsonObject ?? []).Select(field => field.Key).ToList();
        var used = hard.ToDictionary(name => name, _ => default(Amount), StringComparer.Ordinal);
        foreach (var resource in hard.Select(Charges.ResourceOf).Distinct(StringComparer.Ordinal))
        {
            if (context.Kinds.FindResource(resource) is not { IsVirtual: false, Namespaced: true } kind)
            {
                continue;
            }

            foreach (var item in context.Collection(kind).Read(Text(quota, "metadata.namespace")).Objects.Select(item => item.ToNode()).Where(item => QuotaScope.Holds(quota, kind, item)))
            {
                foreach (var (name, amount) in Charges.Of(kind, item).Where(charge => used.ContainsKey(charge.Key)))
                {
                    used[name] += amount;
                }
            }
        }

        return used;
    }

    private void Check(JsonObject quota, ResourceKind kind, JsonObject node, JsonObject? before, string name)
    {
        var hard = (At(quota, "spec.hard") as JsonObject ?? []).ToDictionary(field => field.Key, field => Amount.Read(field.Value), StringComparer.Ordinal);
        if (!QuotaScope.Holds(quota, kind, node))
        {
            return;
        }

        var known = before is null || !QuotaScope.Holds(quota, kind, before) ? [] : Charges.Of(kind, before);
        var charges = Charges.Of(kind, node).Select(charge => KeyValuePair.Create(charge.Key, charge.Value - known.GetValueOrDefault(charge.Key)))
            .Where(charge => charge.Value.Value > 0 && hard.ContainsKey(charge.Key)).ToDictionary(StringComparer.Ordinal);
        var title = Text(quota, "metadata.name");
        if (before is null && kind.Resource == "pods" && Missing(hard.Keys, node) is { Length: > 0 } missing)
        {
            throw ApiErrors.ForbiddenObject(kind, name, $"failed quota: {title}: must specify {missing}");
        }

        if (charges.Count == 0)
        {
            return;
        }

        var used = Used(quota);
        var exceeded = charges.Where(charge => (used[charge.Key] + charge.Value).Value > hard[charge.Key].Value).Select(charge => charge.Key).Order(StringComparer.Ordinal).ToList();
        if (exceeded.Count > 0)
        {
            throw ApiErrors.ForbiddenObject(kind, name, $"exceeded quota: {title}, requested: {Told(charges)}, used: {Told(used)}, limited: {Told(hard)}");
        }

        string Told(Dictionary<string, Amount> amounts) => string.Join(',', exceeded.Select(key => $"{key}={amounts[key]}"));
    }

    // Of these six what is limited each container must say, and of nothing else.
    private static string Missing(IEnumerable<string> hard, JsonObject pod)
    {
        var needed = hard.Where(key => key is "cpu" or "memory" or "requests.cpu" or "requests.memory" or "limits.cpu" or "limits.memory").Order(StringComparer.Ordinal).ToList();
        var containers = Items(pod, "spec.containers").Concat(Items(pod, "spec.initContainers")).Select(container => (Name: Text(container, "name"), Has: Charges.OfContainer(container))).ToList();
        return string.Join("; ", needed
            .Select(key => (Key: key, Without: containers.Where(container => !container.Has.ContainsKey(key)).Select(container => container.Name).Order(StringComparer.Ordinal).ToList()))
            .Where(each => each.Without.Count > 0)
            .Select(each => $"{each.Key} for: {string.Join(',', each.Without)}"));
    }
}
