namespace HomelabOps.Cluster.Tests;

/// <summary>A pipeline that wants no more than one record, for every command that gives several.</summary>
public sealed class EarlyEndTests : ClusterTest
{
    [Theory]
    [InlineData("Get-FluxHelmRelease")]
    [InlineData("Get-FluxKustomization")]
    [InlineData("Get-FluxSource")]
    [InlineData("Get-FluxStatus")]
    [InlineData("Get-FluxStatus -Watch")]
    [InlineData("Get-FluxTree")]
    [InlineData("Get-HomelabApp")]
    [InlineData("Get-HomelabEvent")]
    [InlineData("Get-HomelabEvent -Watch")]
    [InlineData("Get-HomelabLog -Namespace media")]
    [InlineData("Get-HomelabLog -Namespace media -Follow")]
    [InlineData("Get-HomelabNode")]
    [InlineData("Get-HomelabObject -Kind Pod")]
    [InlineData("Get-HomelabPod -Namespace media | Get-HomelabObject")]
    [InlineData("Get-HomelabPod")]
    [InlineData("Get-HomelabPod -Watch")]
    [InlineData("Get-HomelabUsage -Pod *")]
    [InlineData("Trace-FluxObject -Kind Pod")]
    public void The_pipeline_may_end_after_the_first_record(string script) =>
        Assert.Single(Run($"foreach ($once in 1) {{ {script} | ForEach-Object {{ $_; break }} }}").ThrowIfFailed().Output);

    [Fact]
    public void After_an_early_end_the_connection_is_good_for_the_next_command() =>
        Assert.Equal(["4"], Run("foreach ($i in 1..4) { foreach ($once in 1) { Get-HomelabPod -Namespace media | ForEach-Object { $last = $i; break } } }; $last").ThrowIfFailed().Strings);
}
