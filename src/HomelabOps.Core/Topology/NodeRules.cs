using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Topology.Wire;

namespace HomelabOps.Core.Topology;

/// <summary>Finds the nodes and which of them is the primary and which the backup.</summary>
internal static class NodeRules
{
    private const string HostName = "kubernetes.io/hostname";
    private const string Primary = "primary";
    private const string Backup = "backup";

    public static void Apply(TopologyFacts facts, TopologyFindings findings)
    {
        var label = FindLabel(facts, findings);
        findings.Config = findings.Config with { NodeRoleLabel = label };
        var primary = Labelled(facts, findings, label, Primary, findings.Written.PrimaryNode) ?? FromHosts(facts, pair => pair.Claim) ?? Busiest(facts);
        var backup = Labelled(facts, findings, label, Backup, findings.Written.BackupNode) ?? FromHosts(facts, pair => pair.Backup);
        if (backup == primary)
        {
            backup = null;
        }

        backup ??= Other(facts, primary);
        SetNodes(facts, findings);
        SetRoles(facts, findings, primary, backup);
    }

    /// <summary>Nodes for workloads; all where none is only for the control plane.</summary>
    public static IReadOnlyList<string> Workers(TopologyFacts facts)
    {
        var workers = facts.Nodes.Where(node => node.Metadata.Labels?.Keys.Any(key => key is "node-role.kubernetes.io/control-plane" or "node-role.kubernetes.io/master") != true).ToArray();
        return [.. (workers.Length > 0 ? workers : facts.Nodes.AsEnumerable()).Select(node => node.Metadata.Name).Order(StringComparer.Ordinal)];
    }

    private static string FindLabel(TopologyFacts facts, TopologyFindings findings)
    {
        var used = Selectors(facts).Where(pair => IsRole(pair.Value)).Select(pair => pair.Key).Where(key => key != HostName).ToHashSet(StringComparer.Ordinal);
        var present = facts.Nodes.SelectMany(node => node.Metadata.Labels ?? []).Where(label => IsRole(label.Value)).GroupBy(label => label.Key)
            .ToDictionary(group => group.Key, group => group.Select(label => label.Value.ToLowerInvariant()).Distinct().Count());

        // Best with both values; one alone only where something chooses nodes by it.
        var candidates = present.Where(label => label.Value == 2).Select(label => label.Key).Order(StringComparer.Ordinal).ToArray();
        if (candidates.Length == 0)
        {
            candidates = [.. present.Keys.Where(key => used.Contains(key) || key == findings.Written.NodeRoleLabel).Order(StringComparer.Ordinal)];
        }

        if (candidates.Length == 0)
        {
            var wanted = used.Contains(findings.Written.NodeRoleLabel) ? findings.Written.NodeRoleLabel : used.Order(StringComparer.Ordinal).FirstOrDefault();
            if (wanted is not null && facts.Nodes.Count > 0)
            {
                findings.Warn("TopologyRoleLabelAbsent", wanted);
            }

            return wanted ?? findings.Written.NodeRoleLabel;
        }

        var chosen = candidates.FirstOrDefault(key => key == findings.Written.NodeRoleLabel) ?? candidates.FirstOrDefault(used.Contains) ?? candidates[0];
        if (candidates.Length > 1)
        {
            findings.Warn("TopologyRoleLabelSeveral", string.Join(", ", candidates), chosen);
        }

        return chosen;
    }

    private static bool IsRole(string value) => value.Equals(Primary, StringComparison.OrdinalIgnoreCase) || value.Equals(Backup, StringComparison.OrdinalIgnoreCase);

    /// <summary>All pairs of label and value by which something chooses nodes.</summary>
    private static IEnumerable<(string Key, string Value)> Selectors(TopologyFacts facts) =>
        facts.Workloads.SelectMany(workload => (workload.Spec.NodeSelector ?? []).Select(pair => (pair.Key, pair.Value ?? ""))
                .Concat(Terms(workload.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution)))
            .Concat(facts.Volumes.SelectMany(volume => Terms(volume.Spec?.NodeAffinity?.Required)));

    private static IEnumerable<(string Key, string Value)> Terms(NodeTermsWire? terms) =>
        (terms?.NodeSelectorTerms ?? []).SelectMany(term => term.MatchExpressions ?? []).Where(expression => expression.Operator == "In")
            .SelectMany(expression => (expression.Values ?? []).Select(value => (expression.Key ?? "", value)));

    private static string? Labelled(TopologyFacts facts, TopologyFindings findings, string label, string role, string written)
    {
        var nodes = facts.Nodes.Where(node => string.Equals(node.Metadata.Labels?.GetValueOrDefault(label), role, StringComparison.OrdinalIgnoreCase))
            .Select(node => node.Metadata.Name).Order(StringComparer.Ordinal).ToArray();
        if (nodes.Length < 2)
        {
            return nodes.FirstOrDefault();
        }

        var chosen = nodes.Contains(written) ? written : nodes[0];
        findings.Warn("TopologyRoleSeveral", label, role, string.Join(", ", nodes), chosen);
        return chosen;
    }

    // Volumes that name their node.
    private static string? FromHosts(TopologyFacts facts, Func<ClaimPair, string> claim) => TopologyFindings.MostFrequent(
        facts.Pairs.SelectMany(pair => Terms(facts.VolumeOf(pair.Namespace, claim(pair))?.Spec?.NodeAffinity?.Required)).Where(pair => pair.Key == HostName).Select(pair => pair.Value));

    // Where most pods run whose data lie on the node itself.
    private static string? Busiest(TopologyFacts facts) => TopologyFindings.MostFrequent(
        facts.Workloads.Where(workload => !workload.IsOfNode && !workload.IsMover && workload.Spec.NodeName is not null && HasLocalData(facts, workload))
            .Select(workload => workload.Spec.NodeName!));

    private static bool HasLocalData(TopologyFacts facts, WorkloadFact workload) => (workload.Spec.Volumes ?? []).Exists(volume =>
        (volume.HostPath is not null && !PathRules.IsOfSystem(volume.HostPath))
        || (volume.PersistentVolumeClaim?.ClaimName is { } claim && facts.VolumeOf(workload.Namespace, claim)?.Spec is { } spec && (spec.HostPath ?? spec.Local) is not null));

    private static string? Other(TopologyFacts facts, string? primary) =>
        primary is not null && Workers(facts).Where(name => name != primary).ToArray() is [var only] ? only : null;

    private static void SetNodes(TopologyFacts facts, TopologyFindings findings)
    {
        if (facts.Nodes.Count == 0)
        {
            return;
        }

        var names = facts.Nodes.Select(node => node.Metadata.Name).Order(StringComparer.Ordinal).ToArray();
        var written = findings.Written.Nodes;

        // Only a person knows how a host is reached, also that of a node which is away at the moment.
        var away = written.Where(node => !names.Contains(node.Name) && (node.SshHost is not null || node.VmId is not null || node.Kind != HomelabNodeKind.Lxc)).ToArray();
        foreach (var node in away)
        {
            findings.Warn("TopologyNodeUnknown", "nodes[].name", node.Name, string.Join(", ", names));
        }

        findings.Config = findings.Config with
        {
            Nodes = [.. names.Select(name => written.FirstOrDefault(node => node.Name == name) ?? new HomelabConfigNode { Name = name }), .. away],
        };
    }

    private static void SetRoles(TopologyFacts facts, TopologyFindings findings, string? primary, string? backup)
    {
        var written = findings.Written;
        var label = findings.Config.NodeRoleLabel;
        var chosenPrimary = primary ?? (backup == written.PrimaryNode ? written.BackupNode : written.PrimaryNode);

        // A failover from a node to itself would be no failover.
        var chosenBackup = backup ?? (chosenPrimary == written.BackupNode ? written.PrimaryNode : written.BackupNode);
        findings.Config = findings.Config with { PrimaryNode = chosenPrimary, BackupNode = chosenBackup };
        if (primary is null)
        {
            findings.Warn("TopologyPrimaryUnknown", chosenPrimary, label);
        }

        if (backup is null)
        {
            findings.Warn("TopologyBackupUnknown", chosenPrimary, chosenBackup, label);
        }

        var names = facts.Nodes.Select(node => node.Metadata.Name).ToArray();
        foreach (var (key, name) in new[] { ("primaryNode", primary), ("backupNode", backup) })
        {
            if (name is not null && names.Length > 0 && !names.Contains(name))
            {
                findings.Warn("TopologyNodeUnknown", key, name, string.Join(", ", names));
            }
        }
    }
}
