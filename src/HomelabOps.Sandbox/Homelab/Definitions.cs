namespace HomelabOps.Sandbox.Homelab;

/// <summary>The CustomResourceDefinitions of the homelab, with the rules of the real ones in a short form. Each file holds one and is called <c>group_plural</c>.</summary>
internal static class Definitions
{
    /// <summary>The manifests of an API group.</summary>
    public static IEnumerable<string> Of(string group) => EmbeddedText.Below($"Definitions/{group}_").Select(file => file.Text);
}
