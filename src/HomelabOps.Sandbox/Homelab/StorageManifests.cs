namespace HomelabOps.Sandbox.Homelab;

/// <summary>The volumes on the nodes: two for the data of each application, and two for the settings of its Syncthings.</summary>
internal static class StorageManifests
{
    /// <summary>The files, by their names in the folder.</summary>
    public static SortedDictionary<string, string> Files(IEnumerable<PlannedApp> apps)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var app in apps)
        {
            foreach (var role in Roles.All)
            {
                files[$"pv-{app.Name}-{role}.yaml"] = Volume(
                    $"pv-{app.Name}-{role}", "5Gi", $"/data/pods/{app.Name}", app.Category, role == Roles.Primary ? app.Claim : $"{app.Claim}-{role}", role);
            }

            if (app.IsSyncthing)
            {
                files[$"pv-volsync-{app.Name}-config.yaml"] = string.Join("---\n", Roles.All.Select(role => Volume(
                    $"pv-volsync-{app.Name}-{role}-config", "1Gi", $"/data/volsync/{app.Name}-{role}-config", app.Category, $"volsync-{app.Name}-{role}-config", role)));
            }
        }

        files[Kustomizations.FileName] = Kustomizations.Of(files.Keys);
        return files;
    }

    private static string Volume(string name, string size, string path, string @namespace, string claim, string role) => Template.Fill(
        EmbeddedText.Read("Parts/volume.yaml"),
        new Dictionary<string, string>(StringComparer.Ordinal) { ["VOLUME"] = name, ["SIZE"] = size, ["PATH"] = path, ["NAMESPACE"] = @namespace, ["CLAIM"] = claim, ["ROLE"] = role });
}
