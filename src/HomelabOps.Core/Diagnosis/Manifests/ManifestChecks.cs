using HomelabOps.Core.Diagnosis.Manifests.Checks;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>All checks of manifests. What comes first speaks where several see the same mistake.</summary>
internal static class ManifestChecks
{
    private static readonly IManifestCheck[] All =
    [
        new SyntaxCheck(), new RepeatedKeyCheck(), new ReferenceCheck(), new SourceCheck(), new BuildCheck(), new UnreferencedCheck(), new OwnershipCheck(), new VariableCheck(),
        new DependencyCheck(), new ChartCheck(), new SourceAddressCheck(), new HealthTargetCheck(), new NamespaceCheck(), new DefinitionCheck(), new ApiVersionCheck(), new SchemaCheck(),
        new ClaimCheck(), new WorkloadCheck(), new ServicePortCheck(), new ImmutableCheck(), new TemplateCheck(), new SecretCheck(),
    ];

    /// <summary>The findings, by file and line.</summary>
    public static IReadOnlyList<HomelabFinding> Run(ManifestSnapshot snapshot, CancellationToken cancellation)
    {
        var findings = new List<HomelabFinding>();
        foreach (var check in All)
        {
            cancellation.ThrowIfCancellationRequested();
            findings.AddRange(check.Run(snapshot));
        }

        // A build stops at what a check has explained better; two clusters that share a base have its mistakes once.
        var unread = findings.Where(finding => finding.Reason is "YamlInvalid" or "TabIndentation" or "EncodingInvalid").Select(finding => finding.File).ToHashSet(StringComparer.Ordinal);
        var explained = findings.Where(finding => finding.Reason is not ("BuildFailed" or "BuildUnsupported")).Select(finding => (finding.File, finding.Line)).ToHashSet();
        return
        [
            .. findings.Where(finding => finding.Reason != "BuildFailed" || !(unread.Contains(finding.File) || (finding.Line is not null && explained.Contains((finding.File, finding.Line)))))
                .DistinctBy(finding => (finding.File, finding.Line, finding.Column, finding.Reason, finding.Message))
                .OrderBy(finding => finding.File, StringComparer.Ordinal).ThenBy(finding => finding.Line).ThenBy(finding => finding.Column),
        ];
    }
}
