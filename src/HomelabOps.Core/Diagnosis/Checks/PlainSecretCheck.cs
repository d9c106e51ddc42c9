using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Secrets that are in the repository as everybody can read them. Places are told, never values.</summary>
internal sealed class PlainSecretCheck : IHomelabCheck
{
    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        if (snapshot.RepositorySecrets is not { } secrets)
        {
            yield break;
        }

        foreach (var finding in secrets.Manifests)
        {
            yield return new Symptom(finding with { Cluster = snapshot.Cluster, Area = HomelabArea.Security, Target = finding.Target is { } target ? target with { Cluster = snapshot.Cluster } : null }) { Key = File(snapshot, finding.File) };
        }

        foreach (var group in secrets.Leaks.GroupBy(leak => (leak.File, leak.Reason)))
        {
            var first = group.First();
            object[] words = [$"{first.File}:{first.Line}", string.Join(", ", group.Select(leak => leak.Issuer).Distinct())];
            yield return new Symptom(new HomelabFinding
            {
                Cluster = snapshot.Cluster,
                Area = HomelabArea.Security,
                Severity = FindingSeverity.Warning,
                Reason = first.Reason,
                Message = Errors.Text("Diagnosis_" + first.Reason, words),
                Remedy = Errors.Text($"Diagnosis_{first.Reason}_Remedy", words),
                File = first.File,
                Line = first.Line,
                Evidence = [.. group.Skip(1).Select(leak => $"{leak.File}:{leak.Line}")],
            })
            {
                Key = File(snapshot, first.File),
            };
        }
    }

    private static ResourceReference File(HomelabSnapshot snapshot, string? path) => snapshot.Reference("File", "", path ?? "");
}
