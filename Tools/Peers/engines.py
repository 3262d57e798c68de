"""The other engines: each turns a row into a function that runs it once, on a given number of threads."""

import contextlib
import subprocess
import sys


def torch_engine(row, folder, threads, channels_last=False):
    """PyTorch as its users run it: eager, batch norm in inference mode, no gradients."""
    import torch

    torch.set_num_threads(threads)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    network = row.network().to(memory_format=layout)
    image = torch.randn(row.batch, 3, row.height, row.width).to(memory_format=layout)
    if row.train:
        return torch_training(row, network, image)
    network.eval()

    def run():
        with torch.inference_mode():
            network(image)

    return run


def torch_training(row, network, image):
    """A step of SGD with momentum on cross-entropy."""
    import torch

    network.train()
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-3, momentum=0.9, weight_decay=1e-4)
    shape = (row.batch, row.height, row.width) if row.is_dense else (row.batch,)
    labels = torch.zeros(shape, dtype=torch.long)

    def run():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(image), labels).backward()
        optimizer.step()

    return run


def torch_channels_last(row, folder, threads):
    return torch_engine(row, folder, threads, channels_last=True)


def image_of(row):
    import numpy

    return numpy.random.default_rng(0).standard_normal((row.batch, 3, row.height, row.width), dtype=numpy.float32)


def onnx_file(row, folder):
    """The row's network as ONNX, exported once."""
    path = folder / f"{row.name}.onnx"
    if not path.exists():
        import torch

        with contextlib.redirect_stdout(sys.stderr):
            torch.onnx.export(
                row.network().eval(), (torch.from_numpy(image_of(row)),), path, input_names=["input"],
                output_names=["output"], dynamo=True, external_data=False, opset_version=18)
    return path


def onnxruntime(row, folder, threads):
    import onnxruntime as runtime

    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = runtime.InferenceSession(
        str(onnx_file(row, folder)), options, providers=["CPUExecutionProvider"])
    image = image_of(row)
    return lambda: session.run(None, {"input": image})


def openvino(row, folder, threads, precision="f32"):
    import openvino as ov

    core = ov.Core()
    compiled = core.compile_model(
        core.read_model(onnx_file(row, folder)), "CPU",
        {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"})
    request = compiled.create_infer_request()
    image = image_of(row)
    return lambda: request.infer({0: image})


def opencv(row, folder, threads):
    import cv2

    cv2.setNumThreads(threads)
    network = cv2.dnn.readNetFromONNX(str(onnx_file(row, folder)))
    image = image_of(row)

    def run():
        network.setInput(image)
        network.forward()

    return run


def ncnn(row, folder, threads):
    import ncnn as engine

    name = row.name.replace("-", "_")
    if not (folder / f"{name}.ncnn.bin").exists():
        import pnnx
        import torch

        traced = torch.jit.trace(row.network().eval(), torch.from_numpy(image_of(row)), check_trace=False)
        traced.save(str(folder / f"{name}.pt"))
        shape = f"inputshape=[{row.batch},3,{row.height},{row.width}]"
        subprocess.run(
            [pnnx.EXEC_PATH, f"{name}.pt", shape, "fp16=0"], cwd=folder, check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
    network = engine.Net()
    network.opt.num_threads = threads
    network.opt.use_fp16_packed = network.opt.use_fp16_storage = network.opt.use_fp16_arithmetic = False
    network.opt.use_bf16_storage = False
    if network.load_param(str(folder / f"{name}.ncnn.param")) or network.load_model(str(folder / f"{name}.ncnn.bin")):
        raise RuntimeError("ncnn cannot read what pnnx wrote")
    image = engine.Mat(image_of(row)[0]).clone()

    def run():
        extractor = network.create_extractor()
        extractor.input("in0", image)
        status, _ = extractor.extract("out0")
        if status:
            raise RuntimeError(f"ncnn returns {status}")

    return run


INFERENCE = {
    "torch": torch_engine,
    "torch channels-last": torch_channels_last,
    "ONNX Runtime": onnxruntime,
    "OpenVINO": openvino,
    "OpenCV": opencv,
    "ncnn": ncnn,
}
TRAINING = {"torch": torch_engine, "torch channels-last": torch_channels_last}


def engines_of(row):
    """The engines that can do a row, by name."""
    able = TRAINING if row.train else INFERENCE
    return {name: able[name] for name in able if not row.engines or name in row.engines}
