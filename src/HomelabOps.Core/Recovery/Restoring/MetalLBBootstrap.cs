using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.MetalLB;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>
/// Finds the Secret that MetalLB's controller ends without. An empty one is all that it needs: it makes keys and certificate itself, and a pair
/// that somebody made before is thrown away.
/// </summary>
internal static class MetalLBBootstrap
{
    /// <summary>The namespace and the Secret's name; null where Git has the Secret, or no controller that rotates wants one.</summary>
    public static (JsonObject Namespace, string Name)? Find(IReadOnlyList<JsonObject> objects)
    {
        foreach (var deployment in objects.Where(item => ObjectText.Kind(item) == "Deployment"))
        {
            if (Container(deployment) is not { } container)
            {
                continue;
            }

            var (space, settings) = (ObjectText.Namespace(deployment), ControllerSettings.Of(Scalars.Text(container["image"]) ?? "", [.. Texts(container["command"]), .. Texts(container["args"])]));
            return settings is { HasWebhook: true, Rotates: true } && !objects.Any(item => ObjectText.Kind(item) == "Secret" && ObjectText.Namespace(item) == space && ObjectText.Name(item) == settings.Secret)
                ? (objects.FirstOrDefault(item => ObjectText.Kind(item) == "Namespace" && ObjectText.Name(item) == space) ?? Namespace(space), settings.Secret)
                : null;
        }

        return null;
    }

    private static JsonObject? Container(JsonObject deployment) =>
        (deployment["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(container => MetalLBController.IsImage(Scalars.Text(container["image"])));

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(Scalars.Text).OfType<string>();

    private static JsonObject Namespace(string name) => new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };
}
