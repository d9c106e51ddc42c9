namespace HomelabOps.Cluster.Tests;

[Collection(nameof(Alone))]
public sealed class FluxLogTests : ClusterTest
{
    [Fact]
    public void Without_controllers_there_is_no_log_which_is_an_error()
    {
        var result = Run("Get-FluxLog");
        Assert.Equal(["FluxControllersNotFound"], result.ErrorIds);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Ctrl_C_ends_the_wait_for_a_controller_that_does_not_run()
    {
        using var lab = new LabNamespace();
        lab.AddKustomization("alone");
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", Path.Combine(Path.GetTempPath(), lab.Name));
        try
        {
            Assert.True(StopAfter(TimeSpan.FromSeconds(2), $"Invoke-FluxReconcile alone -Namespace {lab.Name}") < TimeSpan.FromSeconds(2));
            Assert.NotEmpty(Run($"(Get-HomelabObject Kustomization/{lab.Name}/alone).metadata.annotations.'reconcile.fluxcd.io/requestedAt'").ThrowIfFailed().Strings.Single()!);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
            Directory.Delete(Path.Combine(Path.GetTempPath(), lab.Name), recursive: true);
        }
    }
}
