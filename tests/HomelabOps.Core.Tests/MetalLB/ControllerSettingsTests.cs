using System.Text.Json;
using HomelabOps.Core.MetalLB;
using HomelabOps.Core.MetalLB.Wire;

namespace HomelabOps.Core.Tests.MetalLB;

/// <summary>What image and arguments of the controller ask for.</summary>
public sealed class ControllerSettingsTests
{
    [Theory]
    [InlineData("quay.io/metallb/controller:v0.13.10", "webhook-server-cert", "webhook-service")]
    [InlineData("quay.io/metallb/controller:v0.14.3", "webhook-server-cert", "webhook-service")]
    [InlineData("quay.io/metallb/controller:v0.14.4", "metallb-webhook-cert", "metallb-webhook-service")]
    [InlineData("quay.io/metallb/controller:v0.15.2@sha256:00", "metallb-webhook-cert", "metallb-webhook-service")]
    [InlineData("bitnami/metallb-controller:0.13.7-debian-11-r1", "webhook-server-cert", "webhook-service")]
    [InlineData("registry.example:5000/metallb/controller", "metallb-webhook-cert", "metallb-webhook-service")]
    [InlineData("quay.io/metallb/controller:main", "metallb-webhook-cert", "metallb-webhook-service")]
    public void The_version_decides_about_names(string image, string secret, string service)
    {
        var settings = ControllerSettings.Of(image, []);
        Assert.Equal((secret, service, true, true), (settings.Secret, settings.Service, settings.Rotates, settings.HasWebhook));
    }

    [Theory]
    [InlineData("--disable-cert-rotation", false)]
    [InlineData("-disable-cert-rotation=true", false)]
    [InlineData("--disable-cert-rotation=false", true)]
    [InlineData("disable-cert-rotation", true)]
    public void Rotation_is_on_unless_it_is_switched_off(string argument, bool rotates) =>
        Assert.Equal(rotates, ControllerSettings.Of("", ["--port=7472", argument, "--log-level=info"]).Rotates);

    [Fact]
    public void Arguments_go_before_what_is_usual()
    {
        var settings = ControllerSettings.Of("quay.io/metallb/controller:v0.14.3", ["--webhook-secret=a", "--cert-service-name", "b", "--webhook-mode=disabled", "--cert-dir=/certs/"]);
        Assert.Equal(("a", "b", "disabled", "/certs", false), (settings.Secret, settings.Service, settings.Mode, settings.CertificateFolder, settings.HasWebhook));
    }

    [Theory]
    [InlineData("""{"app":"metallb","component":"controller"}""", "example.org/anything:1", true)]
    [InlineData("""{"app.kubernetes.io/name":"metallb","app.kubernetes.io/component":"controller"}""", "example.org/anything:1", true)]
    [InlineData("{}", "quay.io/metallb/controller:v0.14.9", true)]
    [InlineData("{}", "bitnami/metallb-controller:0.14.9", true)]
    [InlineData("{}", "quay.io/other/controller:v1", false)]
    [InlineData("""{"app":"metallb","component":"speaker"}""", "quay.io/metallb/speaker:v0.14.9", false)]
    public void The_controller_is_known_by_labels_or_image(string labels, string image, bool isController) =>
        Assert.Equal(isController, MetalLBController.Is(Wire(labels, image, "[]")));

    [Theory]
    [InlineData("""[{"name":"cert","secret":{"secretName":"a"}}]""", true, "a")]
    [InlineData("""[{"name":"cert","projected":{"sources":[{"secret":{"name":"a"}}]}}]""", true, "a")]
    [InlineData("""[{"name":"cert","emptyDir":{}}]""", true, null)]
    [InlineData("""[{"name":"other","secret":{"secretName":"a"}}]""", false, null)]
    public void The_Secret_is_the_one_that_is_mounted_where_the_controller_looks(string volumes, bool hasMount, string? secret)
    {
        var controller = MetalLBController.Of(Wire("{}", "quay.io/metallb/controller:v0.14.9", volumes));
        Assert.Equal((hasMount, secret), (controller.HasMount, controller.MountedSecret));
    }

    [Theory]
    [InlineData("--disable-cert-rotation", "own")]
    [InlineData("--port=7472", "metallb-webhook-cert")]
    public void Without_rotation_what_is_mounted_is_what_is_wanted(string argument, string secret)
    {
        var wire = Wire("{}", "quay.io/metallb/controller:v0.14.9", """[{"name":"cert","secret":{"secretName":"own"}}]""");
        wire.Spec!.Template!.Spec!.Containers![0].Args = [argument];
        Assert.Equal(secret, MetalLBController.Of(wire).Settings.Secret);
    }

    private static ControllerWire Wire(string labels, string image, string volumes) => JsonSerializer.Deserialize(
        $$"""
        {
          "metadata": { "name": "controller", "namespace": "metallb-system", "labels": {{labels}} },
          "spec": { "template": { "spec": { "volumes": {{volumes}}, "containers": [{
            "name": "controller", "image": "{{image}}", "volumeMounts": [{ "name": "cert", "mountPath": "/tmp/k8s-webhook-server/serving-certs" }]
          }] } } }
        }
        """,
        MetalLBWireContext.Default.ControllerWire)!;
}
