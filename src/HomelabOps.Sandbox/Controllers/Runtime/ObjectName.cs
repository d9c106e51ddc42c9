using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>Where an object of a known type is.</summary>
/// <param name="Namespace">Empty for types without namespaces.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct ObjectName(string Namespace, string Name)
{
    /// <summary>The place of this object.</summary>
    public static ObjectName Of(JsonObject item) => new((string?)item["metadata"]?["namespace"] ?? "", (string?)item["metadata"]?["name"] ?? "");

    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
