"""What the tests of the local Hub do with its real client."""

NAME = "learner/taskboard"


def create(api, name=NAME, **options):
    return api.create_repo(name, repo_type="space", space_sdk="docker", **options)


def upload(api, app, **options):
    return api.upload_folder(repo_id=NAME, repo_type="space", folder_path=app, **options)


def wait(api):
    return api.wait_for_space(NAME, timeout=10, poll_interval=0.05)
