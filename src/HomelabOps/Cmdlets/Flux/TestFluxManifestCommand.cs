using System.Management.Automation;
using HomelabOps.Core.Diagnosis.Manifests;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Checks the manifests of a repository before they are pushed.</summary>
[Cmdlet(VerbsDiagnostic.Test, "FluxManifest", HelpUri = HelpPages.Root + "Test-FluxManifest.md")]
[OutputType(typeof(HomelabFinding), typeof(PSObject))]
[RequiresAccess("list", "apiextensions.k8s.io", "customresourcedefinitions")]
[RequiresAccess("list", "", "namespaces")]
public sealed class TestFluxManifestCommand : HomelabCmdlet
{
    /// <summary>The working copy, or a folder or file in it.</summary>
    [Parameter(Position = 0)]
    [Alias("Repository")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>CustomResourceDefinitions: a file or a folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SchemaPath { get; set; }

    /// <summary>Asks no cluster, also when the session is connected to one.</summary>
    [Parameter]
    public SwitchParameter Offline { get; set; }

    /// <summary>The built objects instead of findings.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void End()
    {
        var query = new ManifestQuery { Path = FullPath(Path) ?? RepositoryFolder.Find(null, null, Session.Default?.Connection, WorkingFolder), SchemaPath = FullPath(SchemaPath), Client = Offline ? null : Session.Default?.Client };
        if (PassThru)
        {
            Drain(token => ManifestTester.BuildAsync(query, token), built => WriteObject(RawObjects.ToPSObject(built)));
        }
        else
        {
            Drain(token => ManifestTester.CheckAsync(query, token));
        }
    }
}
