using HomelabOps.Core.Volumes;

namespace HomelabOps.Cmdlets.GitOps;

// What is done for volumes whose claim comes back.
public sealed partial class RestoreHomelabManifestCommand
{
    // The deleted claim is still written in its volume, so the new one would wait for ever, and Flux for it.
    private IReadOnlyList<ReleasedVolume> Released(IReadOnlyCollection<(string Namespace, string Name)> claims) =>
        claims.Count == 0 || ConnectedClient() is not { } client ? [] : Await(stop => ReleasedVolumes.FindAsync(client, claims, stop));

    private bool Release(IReadOnlyList<ReleasedVolume> volumes)
    {
        var isDone = false;

        // Who was asked because of -Confirm is not asked twice, and -Confirm:$false is an answer.
        var isTyped = Force || MyInvocation.BoundParameters.ContainsKey("Confirm");
        foreach (var volume in volumes)
        {
            if (ShouldProcess(Messages.VolumeRelease(volume), Messages.VolumeReleaseQuestion(volume), Messages.Confirm) && HasAgreed(isTyped, Messages.VolumeReleaseQuestion(volume)))
            {
                Await(stop => ReleasedVolumes.ClearAsync(ConnectedClient()!, volume, Journal, stop));
                isDone = true;
            }
        }

        return isDone;
    }
}
