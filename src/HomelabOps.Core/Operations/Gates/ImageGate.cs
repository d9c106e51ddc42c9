using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>The target has the images, or has pulled them now.</summary>
internal sealed class ImageGate : IFailoverGate
{
    public string Name => "Image";

    public GateResult Check(FailoverCase item, FailoverFacts facts)
    {
        foreach (var image in item.Images)
        {
            if (facts.Images.GetValueOrDefault((item.To, image)) is { Length: > 0 } refused)
            {
                return GateResult.Fail("Detail_GateImageRefused", image, item.To, refused);
            }

            if (!facts.Images.ContainsKey((item.To, image)))
            {
                return GateResult.Fail("Detail_GateImageUnknown", image, item.To);
            }
        }

        return GateResult.Pass("Detail_GateImageThere", item.To);
    }
}
