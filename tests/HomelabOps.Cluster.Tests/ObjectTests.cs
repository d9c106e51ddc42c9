using System.Diagnostics;
using System.Management.Automation;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Whole objects of any kind, from what the lab's fixtures put there.</summary>
public sealed class ObjectTests : ClusterTest
{
    [Fact]
    public void An_object_has_the_fields_of_its_JSON_and_type_names_by_kind()
    {
        var item = Run("Get-HomelabObject Deployment/media/ticker").ThrowIfFailed().Output.Single();

        Assert.Equal(["HomelabOps.Object#Deployment", "HomelabOps.Object"], item.TypeNames.Take(2));
        Assert.Equal(["apiVersion", "kind", "metadata"], item.Properties.Select(property => property.Name).Take(3));
        Assert.Equal([1L], Run("(Get-HomelabObject ticker -Kind deploy -Namespace media).spec.replicas").ThrowIfFailed().Output.Select(value => value.BaseObject));
        Assert.Equal(["primary"], Run("(Get-HomelabObject Deployment/media/ticker).spec.template.spec.nodeSelector.role").ThrowIfFailed().Strings);
    }

    [Fact]
    public void Managed_fields_are_left_out_unless_asked_for()
    {
        Assert.Empty(Run("Get-HomelabObject Deployment/media/ticker | Where-Object { $_.metadata.PSObject.Properties.Name -contains 'managedFields' }").ThrowIfFailed().Output);
        Assert.NotEmpty(Run("(Get-HomelabObject Deployment/media/ticker -ShowManagedFields).metadata.managedFields").ThrowIfFailed().Output);
    }

    [Theory]
    [InlineData("Get-HomelabNode k3s-w1", "Node")]
    [InlineData("Get-HomelabPod -Namespace media -App ticker", "Pod")]
    [InlineData("Get-FluxStatus Kustomization/flux-system/apps", "Kustomization")]
    [InlineData("Get-FluxKustomization apps -Namespace flux-system", "Kustomization")]
    [InlineData("Get-FluxSource -Kind GitRepository -Namespace flux-system", "GitRepository")]
    [InlineData("Get-FluxHelmRelease sonarr", "HelmRelease")]
    [InlineData("Get-HomelabUsage k3s-w2", "Node")]
    [InlineData("(Get-FluxStatus apps -Namespace flux-system).RootCause", "Kustomization")]
    [InlineData("(Get-HomelabPod -Namespace media -App ticker).Owner", "Deployment")]
    [InlineData("(Get-HomelabNode k3s-w1).Reference", "Node")]
    public void Every_record_and_reference_leads_to_its_object(string source, string kind) =>
        Assert.Equal([kind], Run($"{source} | Get-HomelabObject | ForEach-Object {{ $_.kind }}").ThrowIfFailed().Strings);

    [Fact]
    public void An_event_leads_to_itself_and_its_target_to_what_it_is_about()
    {
        const string One = "$one = @(Get-HomelabEvent -Namespace media -Warning)[-1];";

        Assert.Equal(["Event"], Run(One + "($one | Get-HomelabObject).kind").ThrowIfFailed().Strings);
        Assert.Equal(["True"], Run(One + "($one.Target | Get-HomelabObject).metadata.name -eq $one.Target.Name").ThrowIfFailed().Strings);
    }

    [Fact]
    public void As_YAML_it_is_what_kubectl_applies()
    {
        var text = string.Concat(Run("Get-HomelabObject Deployment/media/ticker, Kustomization/flux-system/apps, Namespace/media -AsYaml").ThrowIfFailed().Strings.Select(part => part + "\n"));

        Assert.Contains("\n---\n", text, StringComparison.Ordinal);
        var (exitCode, output) = Kubectl(text, "apply", "--dry-run=server", "-f", "-");
        Assert.True(exitCode == 0, output);
        Assert.Equal(3, output.Split('\n').Count(line => line.Contains("(server dry run)", StringComparison.Ordinal)));
    }

    [Fact]
    public void Events_come_with_the_object_when_asked_for()
    {
        var item = Run("Get-HomelabPod -Namespace media -App crasher | Get-HomelabObject -IncludeEvent").ThrowIfFailed().Output.Single();
        var events = (object[])item.Properties["Events"].Value;

        Assert.NotEmpty(events);
        Assert.All(events, found => Assert.Equal("HomelabOps.HomelabEvent", found.GetType().FullName));

        var text = Run("Get-HomelabPod -Namespace media -App crasher | Get-HomelabObject -IncludeEvent -AsYaml").ThrowIfFailed().Strings.Single()!;
        Assert.Contains("\n# ", text, StringComparison.Ordinal);
        Assert.Contains("BackOff", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_alone_gives_all_of_it_and_a_wildcard_some()
    {
        Assert.Equal(["crasher", "imageless", "ticker"], Run("(Get-HomelabObject -Kind deployments.apps -Namespace media).metadata.name").ThrowIfFailed().Strings.Order(StringComparer.Ordinal));
        Assert.Equal(["imageless"], Run("(Get-HomelabObject Deployment/media/image*).metadata.name").ThrowIfFailed().Strings);
        Assert.Equal(["k3s-w2"], Run("(Get-HomelabObject -Kind no -Selector role=backup).metadata.name").ThrowIfFailed().Strings);
        Assert.Empty(Run("Get-HomelabObject Deployment/media/none*").ThrowIfFailed().Output);
    }

    [Theory]
    [InlineData("Get-HomelabObject x -Kind NoSuchKind", "KindNotFound")]
    [InlineData("Get-HomelabObject -Kind Deploymnt", "KindNotFound")]
    [InlineData("Get-HomelabObject ticker", "KindRequired")]
    [InlineData("Get-HomelabObject", "KindRequired")]
    [InlineData("'Pod/media/x' | Get-HomelabObject", "NotAReference")]
    [InlineData("Get-HomelabObject Deployment/media/no-such", "DeploymentNotFound")]
    [InlineData("Get-HomelabObject no-such -Kind Node", "NodeNotFound")]
    [InlineData("Get-HomelabObject -Kind Pod -Selector '!!'", "RequestInvalid")]
    [InlineData("Get-HomelabObject Pod/a/b/c", "CannotConvertArgumentNoMessage")]
    public void Bad_input_is_one_clear_error(string script, string id)
    {
        var result = Run(script);

        Assert.Equal([id], result.ErrorIds);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_kind_that_is_misspelt_is_answered_with_one_that_is_near() =>
        Assert.Contains("Deployment", Run("Get-HomelabObject -Kind Deploymnt").Errors.Single().ToString(), StringComparison.Ordinal);

    [Fact]
    public void Who_may_not_read_a_kind_is_told_so() =>
        Assert.Equal(["AccessDenied"], Run("Get-HomelabObject Deployment/media/ticker -KubeConfig $file", ("file", Lab.Variant("restricted"))).ErrorIds);

    private static (int ExitCode, string Output) Kubectl(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", ["--kubeconfig", Lab.KubeConfig, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("No kubectl on PATH.");
            throw;
        }
    }
}
