using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Api.Rules.Limits;

/// <summary>What the LimitRanges of a namespace put into new pods, and what they refuse.</summary>
internal sealed class LimitRanges(ApiContext context)
{
    private const string Annotation = "kubernetes.io/limit-ranger";

    private readonly Collection _ranges = context.Collection("v1", "LimitRange");

    /// <summary>What a range leaves out follows from what it says: the default limit from the most, and the default request from that or the least.</summary>
    public static void Complete(JsonObject spec)
    {
        foreach (var item in (spec["limits"] as JsonArray ?? []).OfType<JsonObject>().Where(item => Text(item, "type") == "Container"))
        {
            foreach (var (to, from) in (ReadOnlySpan<(string, string)>)[("default", "max"), ("defaultRequest", "default"), ("defaultRequest", "min")])
            {
                foreach (var (name, value) in item[from] as JsonObject ?? [])
                {
                    Defaults.Set(Defaults.Part(item, to), name, value!.DeepClone());
                }
            }
        }
    }

    /// <summary>Gives containers what they do not say.</summary>
    public void Default(JsonObject pod)
    {
        var metadata = MetadataRules.Of(pod);
        var told = new List<string>();
        foreach (var item in Limits(MetadataRules.Text(metadata, "namespace"), "Container"))
        {
            foreach (var (container, title) in Items(pod, "spec.containers").Select(container => (container, "container")).Concat(Items(pod, "spec.initContainers").Select(container => (container, "init container"))))
            {
                Told(told, Merge(container, "requests", item["defaultRequest"]), "request", $"{title} {Text(container, "name")}");
                Told(told, Merge(container, "limits", item["default"]), "limit", $"{title} {Text(container, "name")}");
            }
        }

        if (told.Count > 0)
        {
            Defaults.Part(metadata, "annotations")[Annotation] = $"LimitRanger plugin set: {string.Join("; ", told)}";
            pod["status"]!["qosClass"] = QualityOfService.Of(pod);
        }
    }

    /// <summary>Refuses what is below the least or above the most.</summary>
    public void Check(ResourceKind kind, JsonObject node)
    {
        if (_ranges.Count == 0 || kind.Resource is not ("pods" or "persistentvolumeclaims"))
        {
            return;
        }

        var metadata = MetadataRules.Of(node);
        var @namespace = MetadataRules.Text(metadata, "namespace");
        var wrong = kind.Resource == "pods"
            ? Limits(@namespace, "Container").SelectMany(item => Items(node, "spec.containers").Concat(Items(node, "spec.initContainers")).SelectMany(container => Wrong(item, Charges.OfContainer(container))))
                .Concat(Limits(@namespace, "Pod").SelectMany(item => Wrong(item, Charges.Of(kind, node))))
            : Limits(@namespace, "PersistentVolumeClaim").SelectMany(item => WrongStorage(item, Amount.Read(At(node, "spec.resources.requests")?["storage"])));
        var all = wrong.Distinct(StringComparer.Ordinal).ToList();
        if (all.Count > 0)
        {
            throw ApiErrors.ForbiddenObject(kind, MetadataRules.Text(metadata, "name"), all.Count == 1 ? all[0] : $"[{string.Join(", ", all)}]");
        }
    }

    private IEnumerable<JsonObject> Limits(string @namespace, string type) => _ranges.Count == 0 ? []
        : _ranges.Read(@namespace).Objects.SelectMany(range => Items(range.ToNode(), "spec.limits")).Where(item => Text(item, "type") == type);

    private static List<string> Merge(JsonObject container, string part, JsonNode? defaults)
    {
        var set = new List<string>();
        foreach (var (name, value) in defaults as JsonObject ?? [])
        {
            var amounts = Defaults.Part(Defaults.Part(container, "resources"), part);
            if (amounts[name] is null)
            {
                amounts[name] = value!.DeepClone();
                set.Add(name);
            }
        }

        return set;
    }

    private static void Told(List<string> told, List<string> names, string what, string place)
    {
        if (names.Count > 0)
        {
            told.Add($"{string.Join(", ", names.Order(StringComparer.Ordinal))} {what} for {place}");
        }
    }

    private static IEnumerable<string> Wrong(JsonObject item, Dictionary<string, Amount> amounts)
    {
        Amount? Of(string part, string name) => amounts.TryGetValue($"{part}.{name}", out var amount) ? amount : null;
        var type = Text(item, "type");
        foreach (var (name, value) in item["min"] as JsonObject ?? [])
        {
            var (least, request, limit) = (Amount.Read(value), Of("requests", name), Of("limits", name));
            var why = request is null ? ".  No request is specified" : request.Value.Value < least.Value ? $", but request is {request}" : limit?.Value < least.Value ? $", but limit is {limit}" : null;
            if (why is not null)
            {
                yield return $"minimum {name} usage per {type} is {least}{why}";
            }
        }

        foreach (var (name, value) in item["max"] as JsonObject ?? [])
        {
            var (most, request, limit) = (Amount.Read(value), Of("requests", name), Of("limits", name));
            var why = limit is null ? ".  No limit is specified" : limit.Value.Value > most.Value ? $", but limit is {limit}" : request?.Value > most.Value ? $", but request is {request}" : null;
            if (why is not null)
            {
                yield return $"maximum {name} usage per {type} is {most}{why}";
            }
        }

        foreach (var (name, value) in item["maxLimitRequestRatio"] as JsonObject ?? [])
        {
            var (most, request, limit) = (Amount.Read(value), Of("requests", name)?.Value ?? 0, Of("limits", name)?.Value ?? 0);
            if (request == 0 || limit == 0)
            {
                yield return $"{name} max limit to request ratio per {type} is {most}, but no {(request == 0 ? "request" : "limit")} is specified or {(request == 0 ? "request" : "limit")} is 0";
            }
            else if (limit / request > most.Value)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{name} max limit to request ratio per {type} is {most}, but provided ratio is {limit / request:0.000000}");
            }
        }
    }

    private static IEnumerable<string> WrongStorage(JsonObject item, Amount storage)
    {
        if (item["min"]?["storage"] is { } least && storage.Value < Amount.Read(least).Value)
        {
            yield return $"minimum storage usage per PersistentVolumeClaim is {Amount.Read(least)}, but request is {storage}";
        }

        if (item["max"]?["storage"] is { } most && storage.Value > Amount.Read(most).Value)
        {
            yield return $"maximum storage usage per PersistentVolumeClaim is {Amount.Read(most)}, but request is {storage}";
        }
    }
}
