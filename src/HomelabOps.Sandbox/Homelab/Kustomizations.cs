namespace HomelabOps.Sandbox.Homelab;

/// <summary>Writes kustomization files.</summary>
internal static class Kustomizations
{
    public const string FileName = "kustomization.yaml";

    /// <summary>One that takes up files or folders.</summary>
    public static string Of(IEnumerable<string> resources) =>
        Template.Fill(EmbeddedText.Read("Parts/kustomization.yaml"), new Dictionary<string, string>(StringComparer.Ordinal) { ["RESOURCES"] = string.Join('\n', resources.Select(resource => $"- {resource}")) });
}
