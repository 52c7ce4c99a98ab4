using Pipeline.Model.Caching;
using Pipeline.Model.Imaging;

namespace Pipeline.Model.Scheduling;

/// <summary>The images in work and their slots. Found by their pixels alone, never by a name.</summary>
/// <param name="slots">Of the KV cache.</param>
/// <param name="shares">One image for all requests of equal pixels; else one a request.</param>
/// <param name="released">Told of every slot that an image has left.</param>
internal sealed class ImageTable(int slots, bool shares, Action<int> released)
{
    private readonly KvPool _slots = new("slot", slots);
    private readonly Dictionary<ImageCrops, ScheduledImage> _byPixels = new(SamePixels.Comparer);
    private readonly List<ScheduledImage> _images = [];

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<ScheduledImage> Images => _images;

    public int FreeSlots => _slots.Free;

    /// <summary>Makes a request part of its image.</summary>
    public ScheduledImage Join(ScheduledRequest request)
    {
        if (!shares || !_byPixels.TryGetValue(request.Crops, out ScheduledImage? image))
        {
            image = new ScheduledImage(request.Crops);
            _images.Add(image);
            if (shares)
            {
                _byPixels.Add(request.Crops, image);
            }
        }

        image.Requests.Add(request);
        request.Image = image;
        return image;
    }

    /// <summary>Ends a request's part in its image; the last one to leave frees the slot.</summary>
    public void Leave(ScheduledRequest request)
    {
        ScheduledImage image = request.Image ?? throw new InvalidOperationException($"Request {request.Number} ends a second time.");
        request.Image = null;
        image.Requests.Remove(request);
        if (image.Requests.Count > 0)
        {
            return;
        }

        _images.Remove(image);
        if (shares)
        {
            _byPixels.Remove(image.Crops);
        }

        ReleaseSlot(image);
    }

    public void TakeSlot(ScheduledImage image) => image.Slot = _slots.TryAllocate(1, out int[] slot)
        ? slot[0]
        : throw new InvalidOperationException($"All {_slots.Size} slots are taken.");

    public void ReleaseSlot(ScheduledImage image)
    {
        if (image.Slot is { } slot)
        {
            image.Slot = null;
            released(slot);
            _slots.Release(slot);
        }
    }

    /// <exception cref="InvalidOperationException">Slots, states and requests don't fit together.</exception>
    public void CheckIntegrity()
    {
        _slots.CheckIntegrity(_images.Select(image => image.Slot).OfType<int>());
        foreach (ScheduledImage image in _images)
        {
            if (image.Requests.Count == 0 || image.Requests.Any(request => request.Image != image || !SamePixels.Comparer.Equals(request.Crops, image.Crops)))
            {
                throw new InvalidOperationException("An image has no request, or one of other pixels.");
            }

            if (image.State is ImageState.Waiting == image.Slot is not null)
            {
                throw new InvalidOperationException($"An image that is {image.State} has {(image.Slot is null ? "no" : "a")} slot.");
            }
        }

        if (shares && (_byPixels.Count != _images.Count || !_images.All(_byPixels.ContainsValue)))
        {
            throw new InvalidOperationException($"{_byPixels.Count} images can be found by their pixels, of {_images.Count}.");
        }
    }
}
