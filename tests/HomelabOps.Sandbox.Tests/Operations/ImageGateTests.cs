using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>Whether the target can have the images, asked of its kubelet.</summary>
public sealed class ImageGateTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    private const string Image = "ghcr.io/home/private:1.0";

    [Fact]
    public async Task An_image_that_does_not_come_is_not_there()
    {
        await homelab.UntilWellAsync();
        homelab.Homelab.Nodes.Registry.Set(Image, ImageFault.Stalled);
        var (passed, message) = await CheckAsync();
        Assert.False(passed);
        Assert.Contains(Image, message, StringComparison.Ordinal);
        homelab.Homelab.Nodes.Registry.Set(Image, ImageFault.Unauthorized);
        (passed, message) = await CheckAsync();
        Assert.False(passed);
        Assert.Contains("ErrImagePull", message, StringComparison.Ordinal);
        homelab.Homelab.Nodes.Registry.Set(Image, ImageFault.None);
        (passed, message) = await CheckAsync();
        Assert.True(passed, message);
        Assert.DoesNotContain(homelab.All(ResourceType.Pod), pod => Cells.Text(pod, "metadata.namespace") == "media" && Cells.Text(pod, "metadata.name").StartsWith("homelabops-probe", StringComparison.Ordinal));
    }

    private Task<(bool Passed, string Message)> CheckAsync() => homelab.DuringAsync(async () =>
    {
        var app = await homelab.AppAsync("sonarr") with { Images = [Image] };
        await foreach (var item in FailoverTester.RunAsync(homelab.Options with { PullTimeout = TimeSpan.FromSeconds(4) }, [app], null, null, false, TestContext.Current.CancellationToken))
        {
            if (item.Value is { } readiness)
            {
                var gate = readiness.Gates.Single(gate => gate.Name == "Image");
                return (gate.Passed, gate.Message);
            }
        }

        throw new InvalidOperationException("Nothing was found.");
    });
}
